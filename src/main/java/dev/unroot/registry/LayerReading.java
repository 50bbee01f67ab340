package dev.unroot.registry;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.layer.GuardedInputStream;
import dev.unroot.registry.layer.LayerFindings;
import dev.unroot.registry.layer.LayerScan;
import dev.unroot.registry.layer.TooLargeException;
import dev.unroot.registry.layer.Unpacking;
import dev.unroot.registry.layer.UnsupportedLayerException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one layer: within the limits, to its end, and only if both the bytes as transferred and the bytes unpacked are the
 * ones that manifest and configuration name. The second check makes sure that a runtime, which makes it too, unpacks the
 * very archive that was looked at.
 *
 * @param diffId digest of the unpacked layer; null where the configuration lists none
 * @param unsettled by the layers above it
 */
record LayerReading(Pull pull, Descriptor layer, @Nullable Digest diffId, Set<String> unsettled, Limits limits)
        implements ImageSource.LayerReader<LayerFindings> {

    @Override
    public LayerFindings read(InputStream raw) {
        try {
            return verified(raw);
        } catch (TooLargeException tooLarge) {
            throw new LookupException(
                    UnknownCause.TOO_LARGE, "a layer of " + pull.image() + " " + tooLarge.getMessage());
        } catch (UnsupportedLayerException unsupported) {
            throw new LookupException(
                    UnknownCause.UNDETERMINABLE,
                    "a layer of " + pull.image() + " cannot be read: " + unsupported.getMessage());
        } catch (IOException damaged) {
            throw malformed("a layer of " + pull.image() + " is damaged: " + damaged.getMessage());
        }
    }

    private LayerFindings verified(InputStream raw) throws IOException {
        MessageDigest rawHash = layer.digest().newHash();
        GuardedInputStream compressed =
                new GuardedInputStream(raw, rawHash, limits.layerBytes(), "compressed", this::goOn);
        Digest expected = diffId == null ? layer.digest() : diffId;
        MessageDigest unpackedHash = expected.newHash();
        LayerFindings findings;
        try (InputStream unpacking = Unpacking.open(compressed);
                GuardedInputStream unpacked = new GuardedInputStream(
                        unpacking, unpackedHash, limits.inflatedBytes(), "unpacked", this::goOn)) {
            findings = LayerScan.scan(unpacked, unsettled, limits.layerEntries(), limits.passwdBytes());
            unpacked.drain();
        }
        compressed.drain();
        if (!layer.digest().matchesHash(rawHash.digest()) || (layer.size() > 0 && layer.size() != compressed.count())) {
            throw malformed("a layer of " + pull.image() + " is not the one its manifest names");
        }
        if (diffId != null && !diffId.matchesHash(unpackedHash.digest())) {
            throw malformed("a layer of " + pull.image() + " does not unpack to what its configuration names");
        }
        return findings;
    }

    private void goOn() {
        if (pull.deadline().isOver()) {
            throw new LookupException(UnknownCause.TIMEOUT, "reading the layers of " + pull.image() + " took too long");
        }
    }

    private static LookupException malformed(String reason) {
        return new LookupException(UnknownCause.MALFORMED, reason);
    }
}
