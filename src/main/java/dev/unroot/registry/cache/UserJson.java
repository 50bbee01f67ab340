package dev.unroot.registry.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.model.Account;
import dev.unroot.model.ImageUser;
import dev.unroot.model.UnknownCause;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An image's user as JSON, so that it can be read back as it was. */
final class UserJson {
    private UserJson() {}

    static ObjectNode write(ImageUser user) {
        ObjectNode json = FactsLine.JSON.createObjectNode();
        if (user instanceof ImageUser.Unset unset) {
            return gid(json.put("kind", "unset").put("raw", unset.raw()), unset.gid());
        }
        if (user instanceof ImageUser.Numeric numeric) {
            json.put("kind", "numeric").put("raw", numeric.raw()).put("uid", numeric.uid());
            return gid(json, numeric.gid());
        }
        if (user instanceof ImageUser.OutOfRange outOfRange) {
            return json.put("kind", "outOfRange").put("raw", outOfRange.raw()).put("fitsInt64", outOfRange.fitsInt64());
        }
        if (user instanceof ImageUser.Windows windows) {
            return json.put("kind", "windows").put("raw", windows.name());
        }
        ImageUser.Named named = (ImageUser.Named) user;
        json.put("raw", named.name());
        Account account = named.account();
        if (account instanceof Account.Row row) {
            return json.put("kind", "row")
                    .put("uid", row.uid())
                    .put("gid", row.gid())
                    .put("readable", row.readable());
        }
        if (account instanceof Account.Undeterminable undeterminable) {
            return json.put("kind", "undeterminable")
                    .put("cause", undeterminable.cause().label())
                    .put("why", undeterminable.why());
        }
        return json.put("kind", account instanceof Account.Missing ? "missing" : "noPasswd");
    }

    private static ObjectNode gid(ObjectNode json, @Nullable Long gid) {
        return gid == null ? json : json.put("gid", gid);
    }

    static ImageUser read(JsonNode json) throws IOException {
        String raw = FactsLine.text(json, "raw");
        String kind = FactsLine.text(json, "kind");
        return switch (kind) {
            case "unset" -> new ImageUser.Unset(raw, gid(json));
            case "numeric" -> new ImageUser.Numeric(raw, number(json, "uid"), gid(json));
            case "outOfRange" -> new ImageUser.OutOfRange(raw, flag(json, "fitsInt64"));
            case "windows" -> new ImageUser.Windows(raw);
            case "row" ->
                new ImageUser.Named(
                        raw, new Account.Row(number(json, "uid"), number(json, "gid"), flag(json, "readable")));
            case "missing" -> new ImageUser.Named(raw, new Account.Missing());
            case "noPasswd" -> new ImageUser.Named(raw, new Account.NoPasswd());
            case "undeterminable" ->
                new ImageUser.Named(
                        raw,
                        new Account.Undeterminable(cause(FactsLine.text(json, "cause")), FactsLine.text(json, "why")));
            default -> throw new IOException("it has a user of an unknown kind");
        };
    }

    private static @Nullable Long gid(JsonNode json) throws IOException {
        return json.has("gid") ? (Long) number(json, "gid") : null;
    }

    private static long number(JsonNode json, String field) throws IOException {
        JsonNode value = json.get(field);
        if (value == null
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > Account.MAX_UID) {
            throw new IOException("it has no " + field + " that is an id");
        }
        return value.longValue();
    }

    private static boolean flag(JsonNode json, String field) throws IOException {
        JsonNode value = json.get(field);
        if (value == null || !value.isBoolean()) {
            throw new IOException("it has no " + field);
        }
        return value.booleanValue();
    }

    private static UnknownCause cause(String label) throws IOException {
        return Stream.of(UnknownCause.values())
                .filter(cause -> cause.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IOException("it has a cause that there is not"));
    }
}
