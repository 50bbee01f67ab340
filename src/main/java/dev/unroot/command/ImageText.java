package dev.unroot.command;

import dev.unroot.common.Text;
import dev.unroot.model.ImageUser;
import dev.unroot.model.ImageVerdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code image}'s report for people: a table per image, what is wrong with it, and the line to write. */
final class ImageText implements Report<InspectedImage> {
    private static final List<String> HEADINGS = List.of("PLATFORM", "USER", "UID", "GID", "VERDICT", "RUNASNONROOT");
    private static final int VERDICT_COLUMN = 4;

    private final PrintWriter out;
    private final Palette palette;
    private boolean printed;

    ImageText(PrintWriter out, Palette palette) {
        this.out = out;
        this.palette = palette;
    }

    @Override
    public void add(InspectedImage image) {
        if (image instanceof InspectedImage.Unusable) {
            return;
        }
        if (printed) {
            out.println();
        }
        printed = true;
        if (image instanceof InspectedImage.Known known) {
            out.println(palette.strong(Text.visible(known.reference())) + palette.dim("  " + known.digest()));
            printTable(known.rows());
            printReasons(known.rows());
            String advice = ImageAdvice.of(known.rows());
            if (advice != null) {
                out.println("  → " + advice);
            }
        } else if (image instanceof InspectedImage.Unverified unverified) {
            out.println(palette.strong(Text.visible(unverified.reference())));
            out.println("  " + palette.doubtful("unverified") + ": " + Text.visible(unverified.reason()));
        }
    }

    private void printTable(List<InspectedImage.Row> rows) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEADINGS);
        for (InspectedImage.Row row : rows) {
            ImageUser user = row.user();
            cells.add(List.of(
                    row.place(),
                    user == null || user.raw().isEmpty() ? "-" : Text.plain(user.raw()),
                    number(user == null ? null : user.uid()),
                    number(user == null ? null : user.gid()),
                    row.verdict().label(),
                    user == null ? "-" : row.withRunAsNonRoot()));
        }
        for (int line = 0; line < cells.size(); line++) {
            StringBuilder text = new StringBuilder(" ");
            for (int column = 0; column < HEADINGS.size(); column++) {
                String cell = cells.get(line).get(column);
                boolean last = column == HEADINGS.size() - 1;
                String padded = last ? cell : cell + " ".repeat(width(cells, column) - cell.length());
                boolean verdict = line > 0 && column == VERDICT_COLUMN;
                text.append(' ').append(verdict ? painted(rows.get(line - 1).verdict(), padded) : padded);
                text.append(last ? "" : " ");
            }
            out.println(line == 0 ? palette.dim(text.toString()) : text.toString());
        }
    }

    private static int width(List<List<String>> cells, int column) {
        return cells.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String number(@Nullable Long value) {
        return value == null ? "-" : value.toString();
    }

    private String painted(ImageVerdict verdict, String text) {
        return switch (verdict) {
            case NON_ROOT -> palette.good(text);
            case ROOT -> palette.bad(text);
            case WILL_NOT_START, UNVERIFIED -> palette.doubtful(text);
        };
    }

    /** Why a platform is not fine; platforms with one reason share a line. */
    private void printReasons(List<InspectedImage.Row> rows) {
        Map<String, List<String>> places = new LinkedHashMap<>();
        for (InspectedImage.Row row : rows) {
            if (row.verdict() != ImageVerdict.NON_ROOT) {
                places.computeIfAbsent(row.verdict().label() + ": the image " + row.reason(), why -> new ArrayList<>())
                        .add(row.place());
            }
        }
        places.forEach((why, where) -> {
            String on = where.size() == rows.size() ? "" : " (" + Text.list(where, ", ") + ")";
            out.println("  " + Text.visible(why) + on);
        });
    }

    @Override
    public void end() {
        // Each image was told in full.
    }
}
