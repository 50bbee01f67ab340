package dev.unroot.policy;

import dev.unroot.model.Finding;
import java.util.function.Consumer;

/** One requirement. It is asked at every level above {@code none} and decides itself what a level wants of it. */
interface Check {
    /** The check's id in findings, and the name of its folder of cases. */
    String id();

    void judge(Judgement judgement, Consumer<Finding> findings);
}
