import { UsageError } from '../kit/errors.ts'
import type { OverrideFlags } from './overrides.ts'

/** Targets whose algorithm and number of workers are their own. */
const ownAlgorithm = ['url', 'command', 'direct']

/**
 * Refuses flags that would change nothing in a run with these flags.
 *
 * @throws {UsageError} a flag would be ignored
 */
export function refuseIgnoredFlags(
  flags: OverrideFlags & { readonly command?: string | undefined },
  targets: readonly string[] | undefined,
): void {
  const { phase } = flags
  for (const name of ['rate', 'arrivals'] as const) {
    if (phase === 'capacity' && flags[name] !== undefined) {
      refuse(`--${name}`, 'it sets the latency phase, and --phase capacity has none')
    }
  }
  if (phase === 'latency' && flags.rate !== undefined && flags.driver !== undefined) {
    refuse('--driver', 'it drives the capacity phase, and --phase latency with --rate has none')
  }
  if (targets === undefined || !targets.every((name) => ownAlgorithm.includes(name))) return
  if (flags.algo !== undefined) refuse('--algo', `${targets.join(', ')} has no algorithm to choose`)
  const { command } = flags
  if (command !== undefined && !command.includes('{workers}') && flags.cores !== undefined) {
    refuse('--cores', 'the command has no {workers}, which would be replaced by their number')
  }
  if (targets.every((name) => name === 'url') && flags.cores !== undefined) {
    refuse('--cores', 'a server that runs already has the workers that it has')
  }
}

function refuse(flag: string, why: string): never {
  throw new UsageError(`${flag} would be ignored: ${why}`, `omit ${flag}`)
}
