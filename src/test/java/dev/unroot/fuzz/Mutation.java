package dev.unroot.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes a few things about one of several inputs. */
final class Mutation {
    private static final int MOST_CHANGES = 4;
    private static final int LONGEST_RANGE = 64;
    private static final byte[] TELLING_BYTES = {
        0, 1, 0x7f, (byte) 0x80, (byte) 0xff, '0', ' ', '\n', '"', ':', '/', '{'
    };

    private final Random random;
    private final List<byte[]> seeds;
    private final List<byte[]> words;

    /** @param words that mean something where they stand */
    Mutation(Random random, List<byte[]> seeds, List<String> words) {
        this.random = random;
        this.seeds = seeds;
        this.words = words.stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    byte[] next() {
        byte[] input = pick(seeds).clone();
        for (int changes = 1 + random.nextInt(MOST_CHANGES); changes > 0; changes--) {
            input = change(input);
        }
        return input;
    }

    private byte[] change(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int end = Math.min(input.length, at + 1 + random.nextInt(LONGEST_RANGE));
        return switch (random.nextInt(7)) {
            case 0 -> replace(input, at, Math.min(at + 1, input.length), oneByte());
            case 1 -> replace(input, at, end, new byte[0]);
            case 2 -> replace(input, at, at, Arrays.copyOfRange(input, at, end));
            case 3 -> replace(input, at, at, words.isEmpty() ? oneByte() : pick(words));
            case 4 -> replace(input, at, end, words.isEmpty() ? oneByte() : pick(words));
            case 5 -> splice(input, at);
            default -> flip(input, at);
        };
    }

    private byte[] oneByte() {
        return new byte[] {
            random.nextBoolean() ? TELLING_BYTES[random.nextInt(TELLING_BYTES.length)] : (byte) random.nextInt(256)
        };
    }

    private byte[] splice(byte[] input, int at) {
        byte[] other = pick(seeds);
        int from = random.nextInt(other.length + 1);
        return replace(input, at, input.length, Arrays.copyOfRange(other, from, other.length));
    }

    private byte[] flip(byte[] input, int at) {
        byte[] flipped = input.clone();
        if (at < flipped.length) {
            flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] pick(List<byte[]> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static byte[] replace(byte[] input, int from, int to, byte[] with) {
        byte[] result = new byte[input.length - (to - from) + with.length];
        System.arraycopy(input, 0, result, 0, from);
        System.arraycopy(with, 0, result, from, with.length);
        System.arraycopy(input, to, result, from + with.length, input.length - to);
        return result;
    }
}
