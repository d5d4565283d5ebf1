import { Popover } from "@mantine/core";
import type { Column } from "#schema/field.ts";
import { Icon } from "#web/parts/icon.tsx";

const examples = ["src_ip in 10.0.0.0/8", "dest_port < 1024", 'app_proto = "tls"', "not exists app_proto"] as const;

interface Props {
  readonly columns: readonly Column[];
  readonly onPick: (text: string) => void;
}

/** The query language on one card: operators, examples, and the columns that this table has. */
export function FindHelp({ columns, onPick }: Props) {
  return (
    <Popover position="bottom-end" width={340} shadow="md" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <button type="button" className="icon-button small" aria-label="What can be searched">
          <Icon name="help" size={16} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="find-help">
        <p>Words look everywhere. An expression compares columns:</p>
        <p>
          <code>= != &lt; &lt;= &gt; &gt;=</code>, <code>~</code> contains, <code>in</code> a network or <code>(a, b)</code>,{" "}
          <code>exists</code>, joined by <code>and or not ( )</code>.
        </p>
        <div className="find-examples">
          {examples.map((example) => (
            <button key={example} type="button" onClick={() => onPick(example)}>
              <code>{example}</code>
            </button>
          ))}
        </div>
        <dl>
          {columns.map((column) => (
            <div key={column.name}>
              <dt>
                <code>{column.name}</code>
              </dt>
              <dd>{column.doc}</dd>
            </div>
          ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}
