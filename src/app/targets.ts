import { installedTargetsText } from '../../reports/commands/installed-targets.ts'
import type { Invocation } from '../cli/invocation.ts'
import { type InstalledTarget, installedTargets } from '../targets/installed-targets.ts'

/** Shows which targets can run on this machine, and the algorithms of each. */
export async function targets({ print, render }: Invocation): Promise<InstalledTarget[]> {
  const found = await installedTargets()
  print(installedTargetsText(found, render))
  return found
}
