import { CommandHelp, Help } from '@oclif/core/help'

/** The group of the flags that every command has. */
const common = 'GLOBAL'

/** Help of a command: its own groups of flags first, those of every command last. */
class GroupedHelp extends CommandHelp {
  protected override groupFlags(flags: Parameters<CommandHelp['groupFlags']>[0]) {
    const { mainFlags, flagGroups } = super.groupFlags(flags)
    const { [common]: last, ...others } = flagGroups
    return { mainFlags, flagGroups: { ...others, ...(last && { [common]: last }) } }
  }
}

/** The help of `lb`, which package.json names to oclif. */
export class LbHelp extends Help {
  protected override CommandHelpClass = GroupedHelp
}
