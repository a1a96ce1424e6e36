package io.pgcharter.entry.corridor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JournalTextTest {
    @Test
    void a_target_is_what_the_operation_touches() {
        assertThat(JournalText.target("{\"operation\":\"Copy\",\"replace\":false,\"source\":\"a\",\"target\":\"b\"}"))
                .isEqualTo("a b");
        assertThat(JournalText.target("{\"database\":\"a\",\"operation\":\"Backup\",\"repository\":\"r\"}"))
                .isEqualTo("a r");
        assertThat(JournalText.target("{\"operation\":\"JournalVerify\"}")).isEmpty();
    }

    @Test
    void a_detail_is_the_decision_with_its_first_reason_or_the_ending() {
        assertThat(
                        JournalText.detail(
                                "{\"decision\":\"denied\",\"reasons\":[{\"rule\":\"flow\",\"text\":\"no\",\"where\":\"c.yaml:4\"}]}"))
                .isEqualTo("denied: no (flow, c.yaml:4)");
        assertThat(JournalText.detail(
                        "{\"outcome\":\"failed\",\"problem\":{\"code\":\"STORAGE_FULL\",\"fact\":\"full\"}}"))
                .isEqualTo("failed: STORAGE_FULL: full");
        assertThat(JournalText.detail("{\"outcome\":\"done\",\"report\":{}}")).isEqualTo("done");
        assertThat(JournalText.detail("{}")).isEmpty();
    }
}
