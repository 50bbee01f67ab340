package dev.unroot.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Unroot's jar under the JVM options that its image has. */
public final class ImageJvm {
    private static final Pattern FLAG = Pattern.compile("<jvmFlag>(.*)</jvmFlag>");

    private ImageJvm() {}

    public static List<String> command(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Matcher flag = FLAG.matcher(Files.readString(Path.of("pom.xml")));
        while (flag.find()) {
            command.add(flag.group(1));
        }
        command.addAll(List.of("-jar", Programs.JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
