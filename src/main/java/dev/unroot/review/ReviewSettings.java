package dev.unroot.review;

import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Level;

/**
 * What the operator decides about admission.
 *
 * @param defaults the modes of a namespace without labels
 * @param floor no namespace enforces less
 * @param templates the kinds that make pods
 * @param enforceWorkloads controllers may be denied too, not only warned about
 */
public record ReviewSettings(
        JudgeSettings judging, Modes defaults, Level floor, PodTemplates templates, boolean enforceWorkloads) {}
