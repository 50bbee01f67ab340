package dev.unroot.agreement;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.agreement.KubeletOracle.Fields;
import dev.unroot.agreement.KubeletOracle.Image;
import dev.unroot.model.Pod;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A pod of one to four containers of any type, with the fields and the image of each still at hand. */
record RandomPod(ObjectNode object, Fields fields, Map<String, Fields> containers, Map<String, Image> images) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> LISTS = List.of("initContainers", "containers", "ephemeralContainers");
    static final List<@Nullable Boolean> RUN_AS_NON_ROOT = Arrays.asList(null, true, false);
    static final List<@Nullable Long> RUN_AS_USER = Arrays.asList(null, null, 0L, 1L, 1000L, 2147483647L);

    static RandomPod draw(Random random) {
        Fields fields = fields(random);
        ObjectNode object = JSON.createObjectNode();
        ObjectNode spec = object.putObject("spec");
        write(fields, spec);
        Map<String, Fields> containers = new LinkedHashMap<>();
        Map<String, Image> images = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String name = "c" + i;
            ObjectNode container = addContainer(spec, pick(random, LISTS), name);
            if (random.nextInt(3) == 0) {
                container.put("restartPolicy", "Always");
            }
            Fields own = fields(random);
            write(own, container);
            harden(container, random);
            containers.put(name, own);
            images.put(name, pick(random, KubeletOracle.IMAGES));
        }
        return new RandomPod(object, fields, containers, images);
    }

    private static Fields fields(Random random) {
        return new Fields(pick(random, RUN_AS_NON_ROOT), pick(random, RUN_AS_USER));
    }

    private static ObjectNode addContainer(ObjectNode spec, String list, String name) {
        ArrayNode containers = spec.withArray(list);
        return containers.addObject().put("name", name).put("image", "registry.example/" + name);
    }

    /** Writes the fields into a pod's spec or a container, sometimes leaving out what would be empty. */
    static void write(Fields fields, ObjectNode parent) {
        if (fields.runAsNonRoot() == null && fields.runAsUser() == null) {
            return;
        }
        ObjectNode context = parent.withObject("securityContext");
        context.put("runAsNonRoot", fields.runAsNonRoot());
        context.put("runAsUser", fields.runAsUser());
    }

    /** What decides beyond the user, so that levels above {@code nonroot} have something to say. */
    private static void harden(ObjectNode container, Random random) {
        if (random.nextInt(4) > 0) {
            ObjectNode context = container.withObject("securityContext");
            context.put("allowPrivilegeEscalation", random.nextInt(8) == 0);
            context.put("privileged", random.nextInt(8) == 0);
            context.putObject("capabilities").putArray("drop").add(random.nextInt(4) == 0 ? "all" : "ALL");
        }
    }

    static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    Pod read() throws Exception {
        return Pods.read(object);
    }
}
