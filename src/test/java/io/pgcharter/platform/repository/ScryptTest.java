package io.pgcharter.platform.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.generators.SCrypt;
import org.junit.jupiter.api.Test;

class ScryptTest {
    private static String derive(String password, String salt, Scrypt.Cost cost) {
        return HexFormat.of().formatHex(Scrypt.derive(password.getBytes(UTF_8), salt.getBytes(UTF_8), cost, 64));
    }

    /// RFC 7914, section 12; the fourth vector needs a GiB.
    @Test
    void the_vectors_of_the_standard_come_out() {
        assertThat(derive("", "", new Scrypt.Cost(16, 1, 1)))
                .isEqualTo("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                        + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
        assertThat(derive("password", "NaCl", new Scrypt.Cost(1024, 8, 16)))
                .isEqualTo("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                        + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
        assertThat(derive("pleaseletmein", "SodiumChloride", new Scrypt.Cost(16384, 8, 1)))
                .isEqualTo("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                        + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
    }

    @Test
    void it_agrees_with_another_implementation_for_passwords_and_costs_of_all_kinds() {
        Random random = new Random(5);
        for (int round = 0; round < 60; round++) {
            byte[] password = Content.random(round, random.nextInt(200));
            byte[] salt = Content.random(-round, random.nextInt(100));
            Scrypt.Cost cost = new Scrypt.Cost(2 << random.nextInt(9), 1 + random.nextInt(9), 1 + random.nextInt(4));
            int length = 1 + random.nextInt(200);
            assertThat(Scrypt.derive(password, salt, cost, length))
                    .as("round %d, %s", round, cost)
                    .isEqualTo(SCrypt.generate(password, salt, cost.n(), cost.r(), cost.p(), length));
        }
    }
}
