package dev.unroot.manifest;

import dev.unroot.manifest.YamlNode.Entry;
import java.util.Map;

/** What becomes of the items of an object that is too long to be held as a whole. */
interface ListItems {
    /** They stay in the object. */
    ListItems IN_THE_OBJECT = new ListItems() {
        @Override
        public boolean taken(Map<String, Entry> before) {
            return false;
        }

        @Override
        public void item(YamlNode item, long values) {
            throw new IllegalStateException("no items were asked for");
        }
    };

    /**
     * Whether the items are told one by one, and the object then has none.
     *
     * @param before what of the object stands before its items
     */
    boolean taken(Map<String, Entry> before);

    /**
     * Takes the next one.
     *
     * @param values how many values it holds
     * @throws DocumentException where no more are taken
     */
    void item(YamlNode item, long values) throws DocumentException;
}
