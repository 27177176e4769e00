import { textFact } from '../../host/fact.ts'
import { openFilesFact } from '../../host/open-files.ts'
import { changeCommand, type HostSetting, hostSettings } from '../../knobs/host-settings.ts'
import type { Tune } from '../../result/tune.ts'

/** The settings of this host that tuning guides change, as they are now. `root` is the root of the file system. */
export function readHostSettings(root = '/'): NonNullable<Tune['host']> {
  return hostSettings.map((setting) => {
    const { name, advice, source, advised } = setting
    const now = currentValue(setting, root)
    return { name, advice, source, advised, now, change: changeCommand(setting) }
  })
}

function currentValue({ sysctl }: HostSetting, root: string): string {
  if (sysctl === undefined) {
    const limit = openFilesFact(root)
    if ('why' in limit) return 'not readable'
    return Number.isFinite(limit.value.soft) ? String(limit.value.soft) : 'unlimited'
  }
  const fact = textFact(root, `proc/sys/${sysctl.replaceAll('.', '/')}`)
  return 'why' in fact ? 'not readable' : fact.value.trim().replaceAll(/\s+/g, ' ')
}
