package dev.unroot.e2e.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.e2e.layers.NodeUnpackers.Reading;
import dev.unroot.fuzz.Fuzz;
import dev.unroot.registry.users.UserOfLayers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What is said of an image's user holds for every way in which nodes unpack layers and look users up: containerd since 2.3,
 * which reads the layers' folders; containerd before, and CRI-O, which have the kernel mount them; and those that unpack
 * one layer over another. Or else it is unverified.
 */
class LayerStacksIT {
    private static final int STACKS = 10_000;

    /** Of those stacks on which all runtimes agree, in hundredths: half of all entries are there to confuse. */
    private static final int MOST_REFUSED = 70;

    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> differences = new ArrayList<>();

    @Test
    void whatIsSaidOfAUserHoldsOnEveryNode() throws Exception {
        NodeUnpackers unpackers = NodeUnpackers.required();
        List<LayerStack> stacks = new ArrayList<>();
        Fuzz.generate(STACKS, random -> stacks.add(LayerStack.random(random)));

        List<List<Reading>> nodes = unpackers.read(stacks);
        for (int i = 0; i < stacks.size(); i++) {
            compare(stacks.get(i), nodes.get(i));
        }

        int agreed = count("app: agreed");
        int refused = count("app: refused though all agree");
        System.out.println(stacks.size() + " stacks of layers: " + counts);
        System.out.println("unverified although all runtimes agree: " + refused + " of " + agreed);
        assertThat(differences).isEmpty();
        // An answer of "unverified" is never wrong, so it must not be all there is.
        assertThat(refused * 100).isLessThan(MOST_REFUSED * agreed);
    }

    private void compare(LayerStack stack, List<Reading> nodes) {
        List<String> said = UserOfLayers.find(stack.tars());
        List<Reading> starting =
                nodes.stream().filter(node -> !node.answers().isEmpty()).toList();
        if (starting.isEmpty()) {
            add("unpacked by none");
            return;
        }
        List<String> users = List.of("app", "1000");
        for (int i = 0; i < users.size(); i++) {
            int user = i;
            // With a number the lookup finds no more than the group; where it fails nothing starts.
            boolean isName = i == 0;
            List<String> answers = starting.stream()
                    .map(node -> node.answers().get(user))
                    .filter(answer -> isName || !answer.startsWith("-"))
                    .map(answer -> answer.startsWith("-") ? UserOfLayers.NONE : answer)
                    .distinct()
                    .toList();
            String ours = said.get(user);
            String name = users.get(user) + ": ";
            if (answers.isEmpty()) {
                add(name + "started by none");
                continue;
            }
            if (answers.size() == 1) {
                add(name + "agreed");
            }
            if (ours.equals(UserOfLayers.UNVERIFIED)) {
                add(name + (answers.size() == 1 ? "refused though all agree" : "refused, and they differ"));
            } else if (answers.equals(List.of(ours)) || isUnreadable(ours, answers)) {
                add(name + "said as it is");
            } else {
                add(name + "said otherwise");
                differences.add(
                        users.get(user) + " is " + ours + ", but " + shown(nodes, user) + ": " + stack.entries());
            }
        }
    }

    /** A row without a uid that can be read counts as root, whatever comes of it. */
    private static boolean isUnreadable(String ours, List<String> answers) {
        return ours.startsWith("0:")
                && answers.stream().allMatch(answer -> answer.startsWith("4294967295:") || answer.startsWith("0:"));
    }

    private static String shown(List<Reading> nodes, int user) {
        return nodes.stream()
                .map(node -> node.name() + " "
                        + (node.answers().isEmpty() ? "!" : node.answers().get(user)))
                .collect(Collectors.joining(", "));
    }

    private void add(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private int count(String what) {
        return counts.getOrDefault(what, 0);
    }
}
