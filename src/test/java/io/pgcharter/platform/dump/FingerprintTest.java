package io.pgcharter.platform.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FingerprintTest {
    @Property(tries = 300)
    void a_row_in_stretches_adds_what_the_whole_row_adds(
            @ForAll @Size(max = 4000) byte[] row, @ForAll @IntRange(min = 1, max = 700) int stretch) {
        Fingerprint.Sum whole = new Fingerprint.Sum();
        Fingerprint.Sum stretches = new Fingerprint.Sum();

        for (int time = 0; time < 2; time++) {
            whole.add(row, 0, row.length);
            int from = 0;
            for (; row.length - from > stretch; from += stretch) {
                stretches.addStretch(row, from, stretch, false);
            }
            stretches.addStretch(row, from, row.length - from, true);
        }

        assertThat(stretches.value()).isEqualTo(whole.value());
        assertThat(whole.value().rows()).isEqualTo(2);
    }

    @Property(tries = 300)
    void the_order_of_rows_does_not_matter_but_their_number_does(@ForAll @Size(min = 1, max = 50) List<String> rows) {
        Fingerprint forward = of(rows);

        assertThat(of(rows.reversed())).isEqualTo(forward);
        assertThat(of(rows.subList(1, rows.size())).plus(of(rows.subList(0, 1))))
                .isEqualTo(forward);
        assertThat(of(rows.subList(1, rows.size())).digits()).isNotEqualTo(forward.digits());
    }

    private static Fingerprint of(List<String> rows) {
        Fingerprint.Sum sum = new Fingerprint.Sum();
        for (String row : rows) {
            byte[] bytes = row.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            sum.add(bytes, 0, bytes.length);
        }
        return sum.value();
    }
}
