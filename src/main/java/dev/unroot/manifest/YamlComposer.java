package dev.unroot.manifest;

import com.fasterxml.jackson.databind.node.ValueNode;
import dev.unroot.common.Text;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.manifest.YamlNode.Scalar;
import dev.unroot.manifest.YamlNode.Sequence;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/** Makes trees of YAML documents: SnakeYAML finds the tokens, and all they mean is decided here, as kubectl would. */
final class YamlComposer {
    private static final String MERGE_TAG = "tag:yaml.org,2002:merge";
    private static final String NON_SPECIFIC_TAG = "!";

    /** SnakeYAML reads on, whatever minor version the document asks for. */
    private static final Pattern OTHER_VERSION = Pattern.compile("(?m)^%YAML[ \\t]+(?!1\\.1\\s)");

    private final String head;
    private final int firstLine;
    private final Parser events;
    private final @Nullable DocumentText stream;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private NodeLimits limits = new NodeLimits();
    private ListItems listItems = ListItems.IN_THE_OBJECT;

    /** What an anchor names. While it is still being read there is no node. */
    private record Anchored(@Nullable YamlNode node, long nodes, int height) {}

    /** @param firstLine the line of the file that the text begins on */
    YamlComposer(String text, int firstLine) throws DocumentException {
        NodeLimits.checkLines(text, firstLine);
        this.head = text;
        this.firstLine = firstLine;
        this.stream = null;
        this.events = parser(new StringReader(TabSeparators.toSpaces(text)));
    }

    /**
     * Of a text too long to be held. Tabs that separate are an error in it.
     *
     * @param head how it begins
     */
    YamlComposer(DocumentText stream, String head, int firstLine) {
        this.head = head;
        this.firstLine = firstLine;
        this.stream = stream;
        this.events = parser(stream);
    }

    static Parser parser(Reader text) {
        LoaderOptions options = new LoaderOptions();
        // Whoever reads the bytes has bounded them already.
        options.setCodePointLimit(Integer.MAX_VALUE);
        return new ParserImpl(new StreamReader(text), options);
    }

    /**
     * The root of the next document; null after the last one.
     *
     * @param items told the items of the root, where it takes them
     */
    @Nullable
    YamlNode next(ListItems items) throws DocumentException {
        listItems = items;
        try {
            return document();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw new DocumentException(
                    firstLine + (mark == null ? 0 : mark.getLine()), "not YAML: " + YamlFault.what(e));
        } catch (ReaderException e) {
            throw new DocumentException(
                    firstLine + linesBefore(e.getPosition()), YamlFault.notAllowed(e.getCodePoint()));
        } catch (YAMLException e) {
            DocumentException fault = DocumentFault.in(e);
            if (fault != null) {
                throw fault;
            }
            throw new DocumentException(firstLine, "not YAML: " + Text.plain(Text.why(e)));
        }
    }

    private int linesBefore(int position) {
        return (int) head.codePoints().limit(position).filter(c -> c == '\n').count();
    }

    private @Nullable YamlNode document() throws DocumentException {
        if (events.checkEvent(Event.ID.StreamStart)) {
            events.getEvent();
        }
        if (events.checkEvent(Event.ID.StreamEnd)) {
            return null;
        }
        DocumentStartEvent start = (DocumentStartEvent) events.getEvent();
        if (start.getVersion() != null && OTHER_VERSION.matcher(head).find()) {
            throw new DocumentException(
                    line(start), "not YAML 1.1, which is what kubectl reads: remove the %YAML line");
        }
        anchors.clear();
        limits = new NodeLimits();
        beginObject(start);
        YamlNode root = node(1);
        events.getEvent();
        return root;
    }

    /** What anchors name is kept to the end of the document, and where there are any its bounds are those of an object. */
    private void beginObject(Event event) {
        if (stream != null && anchors.isEmpty()) {
            stream.beginObject(line(event));
            limits.beginObject();
        }
    }

    private int line(Event event) {
        return firstLine + event.getStartMark().getLine();
    }

    private YamlNode node(int depth) throws DocumentException {
        Event event = events.getEvent();
        if (event instanceof AliasEvent alias) {
            return alias(alias, depth);
        }
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor == null) {
            return node(event, depth);
        }
        anchors.put(anchor, new Anchored(null, 0, 0));
        long nodesBefore = limits.nodes();
        int deepestBefore = limits.enter(depth);
        YamlNode node = node(event, depth);
        anchors.put(anchor, new Anchored(node, limits.nodes() - nodesBefore, limits.deepest() - depth));
        limits.leave(deepestBefore);
        return node;
    }

    private YamlNode node(Event event, int depth) throws DocumentException {
        limits.add(1, depth, line(event));
        if (event instanceof ScalarEvent scalar) {
            try {
                return new Scalar(line(event), YamlScalars.json(resolve(scalar)));
            } catch (IllegalArgumentException e) {
                throw new DocumentException(line(event), Text.why(e));
            }
        }
        return event.is(Event.ID.SequenceStart) ? sequence(line(event), depth) : mapping(line(event), depth);
    }

    private YamlNode alias(AliasEvent alias, int depth) throws DocumentException {
        Anchored anchored = anchors.get(alias.getAnchor());
        if (anchored == null) {
            throw new DocumentException(
                    line(alias), "no anchor " + Text.quote(alias.getAnchor()) + " before this alias");
        }
        if (anchored.node() == null) {
            throw new DocumentException(line(alias), "anchor " + Text.quote(alias.getAnchor()) + " contains itself");
        }
        limits.add(anchored.nodes(), depth + anchored.height(), line(alias));
        return anchored.node();
    }

    private Sequence sequence(int line, int depth) throws DocumentException {
        List<YamlNode> items = new ArrayList<>();
        while (!events.checkEvent(Event.ID.SequenceEnd)) {
            items.add(node(depth + 1));
        }
        events.getEvent();
        return new Sequence(line, items);
    }

    /** Tells the items one by one, and leaves none. */
    private Sequence takenItems() throws DocumentException {
        int line = line(events.getEvent());
        while (!events.checkEvent(Event.ID.SequenceEnd)) {
            beginObject(events.peekEvent());
            long before = limits.nodes();
            YamlNode item = node(3);
            listItems.item(item, limits.nodes() - before);
        }
        beginObject(events.getEvent());
        return new Sequence(line, List.of());
    }

    private boolean isTaken(String key, int depth, Map<String, YamlNode.Entry> before) {
        return depth == 1
                && key.equals("items")
                && events.peekEvent() instanceof SequenceStartEvent start
                && start.getAnchor() == null
                && listItems.taken(before);
    }

    private Mapping mapping(int line, int depth) throws DocumentException {
        MappingEntries entries = new MappingEntries();
        while (!events.checkEvent(Event.ID.MappingEnd)) {
            Event key = events.peekEvent();
            int keyLine = line(key);
            if (isMerge(key)) {
                events.getEvent();
                boolean isAlias = events.checkEvent(Event.ID.Alias);
                entries.merge(node(depth + 1), isAlias, keyLine);
            } else {
                String name = key(depth + 1);
                boolean taken = isTaken(name, depth, entries.all());
                entries.put(name, keyLine, taken ? takenItems() : node(depth + 1));
            }
        }
        events.getEvent();
        return new Mapping(line, entries.all());
    }

    private static boolean isMerge(Event key) {
        return key instanceof ScalarEvent scalar
                && scalar.getValue().equals("<<")
                && (MERGE_TAG.equals(scalar.getTag())
                        || (scalar.getTag() == null && scalar.getScalarStyle() == ScalarStyle.PLAIN));
    }

    /** Keys are resolved before JSON has its say: {@code 1e3} and {@code .inf} make other texts than values. */
    private String key(int depth) throws DocumentException {
        Event event = events.peekEvent();
        int line = line(event);
        String key = null;
        if (event instanceof ScalarEvent scalar && scalar.getAnchor() == null) {
            events.getEvent();
            try {
                key = YamlScalars.key(resolve(scalar));
            } catch (IllegalArgumentException e) {
                throw new DocumentException(line, Text.why(e));
            }
        } else if (node(depth) instanceof Scalar scalar) {
            key = YamlScalars.key(scalar.value());
        }
        if (key == null) {
            throw new DocumentException(line, "a key must be text, and here it is an object, a list or nothing");
        }
        return key;
    }

    private static ValueNode resolve(ScalarEvent scalar) {
        String tag = scalar.getTag();
        if (NON_SPECIFIC_TAG.equals(tag)) {
            return YamlScalars.resolve(tag, false, scalar.getValue());
        }
        return YamlScalars.resolve(tag, scalar.getScalarStyle() == ScalarStyle.PLAIN, scalar.getValue());
    }
}
