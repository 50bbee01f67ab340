package dev.unroot.registry.users;

import dev.unroot.common.Text;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.LookupMemory;
import dev.unroot.registry.Pull;
import dev.unroot.registry.Unpackers;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.documents.TooLargeException;
import dev.unroot.registry.layer.BoundedDigestStream;
import dev.unroot.registry.layer.LayerFindings;
import dev.unroot.registry.layer.LayerScan;
import dev.unroot.registry.layer.LayerTar;
import dev.unroot.registry.layer.TocCheck;
import dev.unroot.registry.layer.TocMark;
import dev.unroot.registry.layer.Unpacking;
import dev.unroot.registry.layer.UnsupportedLayerException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one layer: within the limits, to its end, and only if both the bytes as transferred and the bytes unpacked are the
 * ones that manifest and configuration name. The second check makes sure that a runtime, which makes it too, unpacks the
 * very archive that was looked at.
 *
 * @param diffId digest of the unpacked layer; null where the configuration lists none
 * @param unsettled by the layers above it
 * @param image room for its passwd, and left to whoever made it
 * @param own room for what is kept while it is read
 */
record LayerReading(
        Pull pull,
        Descriptor layer,
        @Nullable Digest diffId,
        Set<String> unsettled,
        Limits limits,
        LookupMemory.Room image,
        LookupMemory.Room own)
        implements ImageSource.LayerReader<LayerFindings>, LayerScan.Room {

    @Override
    public LayerFindings read(InputStream raw) {
        try (own) {
            return verified(raw);
        } catch (TooLargeException tooLarge) {
            throw new LookupException(
                    UnknownCause.TOO_LARGE, "a layer of " + pull.image() + " " + tooLarge.getMessage());
        } catch (UnsupportedLayerException unsupported) {
            throw new LookupException(
                    UnknownCause.UNDETERMINABLE,
                    "a layer of " + pull.image() + " cannot be read: " + unsupported.getMessage());
        } catch (IOException damaged) {
            throw malformed("a layer of " + pull.image() + " is damaged: " + Text.why(damaged));
        }
    }

    private LayerFindings verified(InputStream raw) throws IOException {
        TocMark mark = TocMark.of(layer.annotations());
        TocCheck table = mark == null ? null : new TocCheck(mark, limits, this::goOn, this, registry(), this::await);
        LayerScan scan = new LayerScan(
                limits.layerEntries(),
                Math.min(limits.passwdBytes(), LookupMemory.shared().largestPasswd()),
                this);
        BoundedDigestStream compressed = new BoundedDigestStream(
                table == null ? raw : table.watch(raw),
                layer.digest().newHash(),
                limits.layerBytes(),
                "compressed",
                this::goOn);
        Digest expected = diffId == null ? layer.digest() : diffId;
        byte[] unpackedHash;
        try (InputStream unpacking = Unpacking.open(compressed, limits.zstdWindowBytes(), registry(), this::await);
                BoundedDigestStream unpacked = new BoundedDigestStream(
                        unpacking, expected.newHash(), limits.inflatedBytes(), "unpacked", this::goOn)) {
            if (table == null) {
                LayerTar.read(unpacked, scan);
            } else {
                table.readTar(unpacked, scan);
            }
            unpacked.drain();
            unpackedHash = unpacked.hash();
        }
        compressed.drain();
        if (!layer.digest().matchesHash(compressed.hash())
                || (layer.size() > 0 && layer.size() != compressed.count())) {
            throw malformed("a layer of " + pull.image() + " is not the one its manifest names");
        }
        if (diffId != null && !diffId.matchesHash(unpackedHash)) {
            throw malformed("a layer of " + pull.image() + " does not unpack to what its configuration names");
        }
        LayerFindings findings = scan.findings(unsettled);
        return table == null ? findings : table.compare(findings, unsettled);
    }

    private void goOn() {
        if (pull.deadline().isOver()) {
            throw tooLong(pull);
        }
    }

    private String registry() {
        return pull.image().registry();
    }

    @Override
    public void passwd(long bytes) {
        image.passwd(bytes);
    }

    @Override
    public void more(long bytes) {
        own.more(bytes);
    }

    /** For memory that other layers have taken. */
    private void await(Runnable step) {
        waitFor(pull, step);
    }

    /** Lets others compute meanwhile. */
    static void waitFor(Pull pull, Runnable step) {
        if (pull.deadline().isOver() || Thread.currentThread().isInterrupted()) {
            throw tooLong(pull);
        }
        Unpackers.withoutTurn(step);
    }

    private static LookupException tooLong(Pull pull) {
        return new LookupException(UnknownCause.TIMEOUT, "reading the layers of " + pull.image() + " took too long");
    }

    private static LookupException malformed(String reason) {
        return new LookupException(UnknownCause.MALFORMED, reason);
    }
}
