package io.pgcharter.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgcharter.model.problem.ProblemCode;
import io.pgcharter.model.secret.Secret;
import io.pgcharter.platform.storage.FileStorage;
import io.pgcharter.platform.storage.StorageContract;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Holds the seals against the vectors their authors published, and Poly1305 against another implementation.
class CryptorTest {
    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /// D. J. Bernstein, "The Poly1305-AES message-authentication code", appendix B.
    @ParameterizedTest
    @CsvSource({
        "f3f6, 851fc40c3467ac0be05cc20404f3f700, ec074c835580741701425b623235add6,"
                + " fb447350c4e868c52ac3275cf9d4327e, f4c633c3044fc145f84f335cb81953de",
        "'', a0f3080000f46400d0c7e9076c834403, 75deaa25c09f208e1dc4ce6b5cad3fbf,"
                + " 61ee09218d29b0aaed7e154a2c5509cc, dd3fab2251f11ac759f0887129cc2ee7",
        "663cea190ffb83d89593f3f476b6bc24d7e679107ea26adb8caf6652d0656136, 48443d0bb0d21109c89a100b5ce2c208,"
                + " 6acb5f61a7176dd320c5c1eb2edcdc74, ae212a55399729595dea458bc621ff0e,"
                + " 0ee1c16bb73f0f4fd19881753c01cdbe",
        "ab0812724a7f1e342742cbed374d94d136c6b8795d45b3819830f2c04491faf0990c62e48b8018b2c3e4a0fa3134cb67fa83e158"
                + "c994d961c4cb21095c1bf9, 12976a08c4426d0ce8a82407c4f48207, e1a5668a4d5b66a5f68cc5424ed5982d,"
                + " 9ae831e743978d3a23527c7128149e3a, 5154ad0d2cb26e01274fc51148491f1b",
    })
    void a_published_poly1305_aes_tag_opens_and_no_other(String message, String r, String k, String nonce, String tag) {
        byte[] key = new byte[MasterKey.SIZE_BYTES];
        System.arraycopy(bytes(k), 0, key, 32, 16);
        System.arraycopy(bytes(r), 0, key, 48, 16);
        byte[] sealed = bytes(nonce + message + tag);

        assertThat(new Cryptor(new MasterKey(key)).open(sealed.clone(), 0, sealed.length))
                .isTrue();
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(new Cryptor(new MasterKey(key)).open(flipped, 0, flipped.length))
                    .as("bit " + bit)
                    .isFalse();
        }
    }

    /// NIST SP 800-38A, F.5.5: CTR-AES256.
    @Test
    void the_published_counter_mode_ciphertext_opens_to_its_plaintext() {
        byte[] key = Arrays.copyOf(
                bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"), MasterKey.SIZE_BYTES);
        byte[] iv = bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        byte[] sealed = Arrays.copyOf(iv, 16 + 64 + 16);
        byte[] cipher = bytes("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
        System.arraycopy(cipher, 0, sealed, 16, 64);
        // r is 0, so the tag is AES-128 of the nonce under the key 0.
        System.arraycopy(otherTag(new byte[16], new byte[16], iv, cipher), 0, sealed, 80, 16);

        assertThat(new Cryptor(new MasterKey(key)).open(sealed, 0, sealed.length))
                .isTrue();
        assertThat(HexFormat.of().formatHex(sealed, 16, 80))
                .isEqualTo("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                        + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    }

    @Property(tries = 500)
    void what_is_sealed_bears_the_tag_another_implementation_gives_and_opens_again(
            @ForAll long seed, @ForAll @IntRange(max = 20_000) int length) {
        Random random = new Random(seed);
        byte[] key = new byte[MasterKey.SIZE_BYTES];
        random.nextBytes(key);
        // Long runs of ones carry the most.
        byte[] plain = new byte[length];
        if (seed % 3 == 0) {
            Arrays.fill(plain, (byte) 0xFF);
        } else {
            random.nextBytes(plain);
        }
        Cryptor cryptor = new Cryptor(new MasterKey(key));
        byte[] sealed = new byte[length + Cryptor.OVERHEAD_BYTES];
        System.arraycopy(plain, 0, sealed, 16, length);
        assertThat(cryptor.seal(sealed, 0, length)).isEqualTo(sealed.length);

        byte[] iv = Arrays.copyOf(sealed, 16);
        byte[] cipher = Arrays.copyOfRange(sealed, 16, 16 + length);
        byte[] tag = Arrays.copyOfRange(sealed, 16 + length, sealed.length);
        byte[] k = Arrays.copyOfRange(key, 32, 48);
        byte[] r = Arrays.copyOfRange(key, 48, 64);
        assertThat(tag).isEqualTo(otherTag(k, r, iv, cipher));
        assertThat(cryptor.open(sealed, 0, sealed.length)).isTrue();
        assertThat(Arrays.copyOfRange(sealed, 16, 16 + length)).isEqualTo(plain);
    }

    @Property(tries = 300)
    void poly1305_agrees_with_another_implementation_where_sums_carry_furthest(
            @ForAll long seed, @ForAll @IntRange(max = 200) int length) {
        Random random = new Random(seed);
        byte[] r = new byte[16];
        byte[] s = new byte[16];
        byte[] message = new byte[length];
        random.nextBytes(r);
        random.nextBytes(s);
        for (int index = 0; index < length; index++) {
            message[index] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : -random.nextInt(2));
        }
        assertThat(new Poly1305(r).tag(s, message, 0, length)).isEqualTo(otherPoly1305(r, s, message));
    }

    /// RFC 8439, appendix A.3, vectors 7 to 11: what comes out near the modulus, or overflows.
    @ParameterizedTest
    @CsvSource({
        "02, 00, ffffffffffffffffffffffffffffffff, 03000000000000000000000000000000",
        "02, ff, 02000000000000000000000000000000, 03000000000000000000000000000000",
        "01, 00, fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000,"
                + " 05000000000000000000000000000000",
        "01, 00, fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101,"
                + " 00000000000000000000000000000000",
        "02, 00, fdffffffffffffffffffffffffffffff, faffffffffffffffffffffffffffffff",
    })
    void a_published_tag_near_the_modulus_comes_out(String r, String fill, String message, String tag) {
        byte[] s = bytes(fill.repeat(16));

        assertThat(new Poly1305(bytes(r + "00".repeat(15))).tag(s, bytes(message), 0, message.length() / 2))
                .isEqualTo(bytes(tag));
    }

    private static byte[] otherTag(byte[] k, byte[] r, byte[] nonce, byte[] message) {
        var aes = org.bouncycastle.crypto.engines.AESEngine.newInstance();
        aes.init(true, new KeyParameter(k));
        byte[] s = new byte[16];
        aes.processBlock(nonce, 0, s, 0);
        return otherPoly1305(r, s, message);
    }

    private static byte[] otherPoly1305(byte[] r, byte[] s, byte[] message) {
        byte[] key = Arrays.copyOf(r, 32);
        org.bouncycastle.crypto.generators.Poly1305KeyGenerator.clamp(key);
        System.arraycopy(s, 0, key, 16, 16);
        var other = new org.bouncycastle.crypto.macs.Poly1305();
        other.init(new KeyParameter(key));
        other.update(message, 0, message.length);
        byte[] tag = new byte[16];
        other.doFinal(tag, 0);
        return tag;
    }

    /// RFC 7914, section 12: the third vector is a key file's key.
    @Test
    void a_key_file_opens_with_the_key_that_the_published_scrypt_vector_gives(@TempDir Path directory) {
        MasterKey published = new MasterKey(bytes("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"));
        byte[] json = MasterKey.random(new java.security.SecureRandom()).toJson();
        byte[] sealed = new byte[json.length + Cryptor.OVERHEAD_BYTES];
        System.arraycopy(json, 0, sealed, 16, json.length);
        new Cryptor(published).seal(sealed, 0, json.length);
        ObjectNode node = Json.object();
        node.put("kdf", "scrypt").put("N", 1024).put("r", 8).put("p", 16);
        node.put("salt", Base64.getEncoder().encodeToString("NaCl".getBytes(StandardCharsets.US_ASCII)));
        node.put("data", Base64.getEncoder().encodeToString(sealed));
        byte[] file = Json.bytes(node);
        String name = BlobId.digest(BlobId.sha256(), file, 0, file.length).toString();
        FileStorage storage = new FileStorage(directory);
        storage.put(Vault.KEYS + name, ByteBuffer.wrap(file));

        assertThat(KeyFile.open(storage, new Secret("password"), new Keyring())
                        .key()
                        .toJson())
                .isEqualTo(json);
        StorageContract.refuses(
                ProblemCode.REPOSITORY_PASSWORD, () -> KeyFile.open(storage, new Secret("passwort"), new Keyring()));
    }
}
