package dev.unroot.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * A certificate in two PEM files, as cert-manager and {@code kubectl create secret tls} lay them out: the chain, and the
 * key in PKCS#8, PKCS#1 (RSA) or SEC 1 (EC).
 */
public record PemFiles(Path chainFile, Path keyFile) {
    private static final long LARGEST = 1 << 20;

    /** @throws IOException with a sentence that names the file and says what is wrong with it; never quotes a key */
    public CertifiedKey read(Clock clock) throws IOException {
        CertifiedKey pair = Pem.pair(pem(chainFile), pem(keyFile));
        if (pair.notAfter().isBefore(clock.instant())) {
            throw new IOException(chainFile + ": its first certificate expired at " + pair.notAfter());
        }
        return pair;
    }

    /** A file of CAs. @throws IOException likewise */
    public static CaBundle readBundle(Path file) throws IOException {
        try {
            return CaBundle.parse(text(file).getBytes(UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " " + e.getMessage() + ": it needs PEM blocks BEGIN CERTIFICATE");
        }
    }

    private static Pem pem(Path file) throws IOException {
        return new Pem(file.toString(), text(file));
    }

    private static String text(Path file) throws IOException {
        long size;
        try {
            size = Files.size(file);
            if (size <= LARGEST) {
                return Files.readString(file);
            }
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist");
        } catch (AccessDeniedException e) {
            throw new IOException(file + " may not be read by this user");
        } catch (MalformedInputException e) {
            throw new IOException(file + " is not text: a PEM file is needed, not DER or PKCS#12");
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage());
        }
        throw new IOException(file + " is larger than 1 MiB, which no certificate or key is");
    }
}
