package dev.unroot.fuzz;

import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * Tries a property on many inputs. The same in every build, unless other ones are asked for: {@code -Dfuzz.seed=N} for
 * other inputs, {@code -Dfuzz.rounds=N} for more or fewer of them than a test wants by itself, in hundredths.
 */
public final class Fuzz {
    private static final long SEED = Long.getLong("fuzz.seed", 20261125L);
    private static final int PERCENT = Integer.getInteger("fuzz.rounds", 100);

    private Fuzz() {}

    /** Throws where it does not hold, whatever it throws. */
    @FunctionalInterface
    public interface Property<T> {
        void check(T input) throws Exception;
    }

    /** Of inputs made by mutating the seeds, and of the seeds themselves. */
    public static void mutate(int rounds, List<byte[]> seeds, List<String> words, Property<byte[]> property) {
        for (byte[] seed : seeds) {
            check(property, seed, -1, seed);
        }
        Random random = new Random(SEED);
        Mutation mutation = new Mutation(random, seeds, words);
        for (int round = 0; round < rounds * PERCENT / 100; round++) {
            byte[] input = mutation.next();
            check(property, input, round, input);
        }
    }

    /** Of whatever a test makes of a source of chance. */
    public static void generate(int rounds, Property<Random> property) {
        Random seeds = new Random(SEED);
        for (int round = 0; round < rounds * PERCENT / 100; round++) {
            check(property, new Random(seeds.nextLong()), round, new byte[0]);
        }
    }

    private static <T> void check(Property<T> property, T input, int round, byte[] shown) {
        try {
            property.check(input);
        } catch (Exception | Error failure) {
            throw new AssertionError(
                    "-Dfuzz.seed=" + SEED + ", round " + round
                            + (shown.length == 0
                                    ? ""
                                    : ", input " + Base64.getEncoder().encodeToString(shown)) + ": "
                            + failure,
                    failure);
        }
    }

    /** One of several. */
    @SafeVarargs
    public static <T> T pick(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
