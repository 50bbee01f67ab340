package dev.unroot.serve;

import dev.unroot.command.UsageException;
import dev.unroot.configuration.Configuration.ImageLookup;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.PullSecrets;

/** Makes what images are read with, at the start and whenever what the configuration says of it has changed. */
public interface ImageLookups {
    /**
     * Opens one.
     *
     * @param secrets that pods name
     * @param meters told what every lookup costs
     * @param part closed once nobody reads images with it any more
     * @throws UsageException for what the configuration names and cannot be used
     */
    ImageUsers open(ImageLookup lookup, PullSecrets secrets, LookupMeters meters, Resources part) throws UsageException;
}
