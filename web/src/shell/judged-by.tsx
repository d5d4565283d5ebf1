import { Choice } from "#web/parts/choice.tsx";
import { useGo } from "#web/state/context.ts";
import { detectorsRoute, rulesRoute } from "./route.ts";

const pages = [
  { value: "rules", label: "Rules and lists" },
  { value: "detectors", label: "Detectors" },
] as const;

/** The way between the two sorts of what traffic is judged by. */
export function JudgedBy({ page }: { readonly page: "rules" | "detectors" }) {
  const go = useGo();
  return (
    <Choice
      label="What traffic is judged by"
      options={pages}
      value={page}
      onChange={(to) => go(to === "rules" ? rulesRoute : detectorsRoute())}
    />
  );
}
