package dev.unroot.registry.credentials;

import dev.unroot.common.Text;
import dev.unroot.model.ImageReference;
import dev.unroot.review.ImageQuery.PullIdentity;
import dev.unroot.review.PullSecret;
import dev.unroot.review.PullSecrets;
import java.util.ArrayList;
import java.util.List;

/**
 * The Secrets of one pod as one keyring, as the kubelet takes them: the most specific key first, whichever Secret holds it.
 *
 * @param credentials those for one image, each once
 * @param names of all Secrets that were found, {@code Secret team/registry}
 * @param problems a clause for each that cannot be used, or not all of it
 */
record SecretKeyring(List<Credential> credentials, List<String> names, List<String> problems) {

    /** Cheap enough for an event loop: of Secrets that were read before, only what is for the image is looked into. */
    static SecretKeyring of(
            ImageReference reference,
            PullIdentity identity,
            PullSecrets.Found found,
            SecretReader reader,
            Fingerprints fingerprints) {
        List<Keyring.Entry<Credential>> entries = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> problems = new ArrayList<>(found.problems());
        for (PullSecret secret : found.secrets()) {
            String name = "Secret " + Text.plain(identity.namespace() + "/" + secret.name());
            DockerConfig config = reader.read(secret);
            names.add(name);
            config.problems().forEach(problem -> problems.add(name + " " + problem));
            for (Keyring.Entry<AuthConfig> entry : config.auths().entries()) {
                if (entry.key().matches(reference) || entry.key().isDefaultRegistry()) {
                    AuthConfig authConfig = entry.value();
                    entries.add(new Keyring.Entry<>(
                            entry.key(), new Credential(name, fingerprints.of(authConfig), authConfig)));
                }
            }
        }
        problems.forEach(reader::report);
        List<Credential> credentials =
                new Keyring<>(entries).find(reference).stream().distinct().toList();
        return new SecretKeyring(credentials, names, problems);
    }
}
