package io.pgcharter.entry.web.page;

import io.pgcharter.model.health.Level;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/// The charter, drawn: environments as lanes, databases as cards with what is known of them, flows as arrows.
///
/// @param lanes in the charter's order
/// @param flows in the charter's order
/// @param notices what a person should look at, the worst first
public record Overview(List<Lane> lanes, List<Flow> flows, List<Notice> notices) implements Page {
    /// More cards than these are drawn small, but for those that are not well.
    static final int CARDS_MAX = 12;

    public Overview {
        lanes = List.copyOf(lanes);
        flows = List.copyOf(flows);
        notices = List.copyOf(notices);
    }

    @Override
    public String title() {
        return "Overview";
    }

    @Override
    public String section() {
        return "overview";
    }

    /// How many databases there are.
    public long databases() {
        return lanes.stream().mapToLong(lane -> lane.cards().size()).sum();
    }

    /// How many databases are at `level`.
    public long databases(Level level) {
        return lanes.stream()
                .flatMap(lane -> lane.cards().stream())
                .filter(card -> card.level() == level)
                .count();
    }

    /// The worst that any database is at.
    public Level worst() {
        return lanes.stream()
                .flatMap(lane -> lane.cards().stream())
                .map(Card::level)
                .max(Comparator.naturalOrder())
                .orElse(Level.NOT_APPLICABLE);
    }

    /// The page in a sentence: `All databases are well`, `payments needs attention`.
    public String headline() {
        List<String> unwell = lanes.stream()
                .flatMap(lane -> lane.cards().stream())
                .filter(card -> card.level().isWorseThan(Level.NOT_APPLICABLE))
                .map(Card::database)
                .toList();
        if (unwell.isEmpty()) {
            return databases(Level.OK) > 0 ? "All databases are well" : "Nothing was checked yet";
        }
        return unwell.size() == 1
                ? unwell.getFirst() + " needs attention"
                : unwell.size() + " databases need attention";
    }

    public FlowMap map() {
        return FlowMap.of(lanes.stream().map(Lane::environment).toList(), flows);
    }

    /// One environment.
    ///
    /// @param guarded the charter calls it `protected`
    public record Lane(String environment, boolean guarded, List<Card> cards) {
        public Lane {
            cards = List.copyOf(cards);
        }

        /// Those drawn as cards: all, or of many those that are not well or work, the worst first.
        public List<Card> large() {
            if (cards.size() <= CARDS_MAX) {
                return cards;
            }
            return cards.stream()
                    .filter(card -> card.level().isWorseThan(Level.NOT_APPLICABLE)
                            || card.working().isPresent())
                    .sorted(Comparator.comparing(Card::level).reversed())
                    .limit(CARDS_MAX)
                    .toList();
        }

        /// The others, the worst first, then by name.
        public List<Card> small() {
            if (cards.size() <= CARDS_MAX) {
                return List.of();
            }
            var large = Set.copyOf(large());
            return cards.stream()
                    .filter(card -> !large.contains(card))
                    .sorted(Comparator.comparing(Card::level).reversed().thenComparing(Card::database))
                    .toList();
        }
    }

    /// One database.
    ///
    /// @param level the worst of its checks
    /// @param message what the worst check says; empty where all is well
    /// @param planned the charter has a backup plan for it
    /// @param backupAt when its newest backup was taken
    /// @param provenAt when the newest proof of one of its backups succeeded
    /// @param connections used of late, oldest first, at most 60
    public record Card(
            String database,
            Level level,
            String message,
            boolean planned,
            Optional<Instant> backupAt,
            Optional<Instant> provenAt,
            OptionalLong sizeBytes,
            List<Double> connections,
            Optional<Working> working) {
        public Card {
            connections = List.copyOf(connections);
        }

        public Sparkline sparkline() {
            return Sparkline.of(connections);
        }

        /// The same card, with how many connections there were of late.
        public Card withConnections(List<Double> known) {
            return new Card(database, level, message, planned, backupAt, provenAt, sizeBytes, known, working);
        }
    }

    /// What a database is being worked on for.
    ///
    /// @param share how much of it is done, 0 to 1; empty when nobody knows
    public record Working(String run, String verb, OptionalDouble share) {}

    /// What may travel from one environment to another.
    ///
    /// @param what `schema`, `data`
    /// @param says the rule in words: `2 approvals of dba`
    /// @param where the line of the charter
    public record Flow(String from, String to, String what, Rule rule, String says, String where) {}

    /// How freely something may travel.
    public enum Rule {
        ALLOW,
        CONFIRM,
        APPROVAL,
        DENY,
        /// Planned, but not enabled.
        OFF
    }

    /// Something that a person should look at.
    ///
    /// @param href the page that says more
    public record Notice(Level level, String subject, String text, Optional<Instant> since, String href) {}
}
