import { useMantineColorScheme } from "@mantine/core";
import { Icon } from "#web/parts/icon.tsx";

const next = { auto: "light", light: "dark", dark: "auto" } as const;
const icons = { auto: "auto", light: "sun", dark: "moon" } as const;

/** Goes round: as the system, light, dark. */
export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = colorScheme === "auto" ? "as the system" : colorScheme;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Theme: ${name}. Change to ${next[colorScheme]}`}
      title={`Theme: ${name} (t)`}
      data-theme={colorScheme}
      onClick={() => setColorScheme(next[colorScheme])}
    >
      <Icon name={icons[colorScheme]} />
    </button>
  );
}
