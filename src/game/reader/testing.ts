/** The example game's plugin in this process, for tests of other hosts: what theirs is compared with. */
export { LanternHost, lanternInfo } from "#capture/scenario/lantern/host.ts";
