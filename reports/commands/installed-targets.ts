import type { RenderOptions } from '../../src/kit/render-options.ts'
import { wrap } from '../../src/kit/wrap.ts'
import type { InstalledTarget } from '../../src/targets/installed-targets.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'

/** One paragraph per target: its version or that it is not installed, and its own names of the algorithms. */
export function installedTargetsText(
  targets: readonly InstalledTarget[],
  options: RenderOptions,
): string {
  const on = terminal(options)
  return `${targets.map((target) => paragraph(target, on)).join('\n\n')}\n`
}

function paragraph(target: InstalledTarget, { options, paint }: Terminal): string {
  const { name, summary, version, missing, needs } = target
  const room = options.width && options.width - 2
  const ready = version ?? (needs === undefined ? 'ready' : `ready, with ${needs}`)
  const state = missing === undefined ? ready : 'not installed'
  const lines = [
    summary,
    ...(missing === undefined ? [] : [missing]),
    ...algorithmLines(target),
  ].map((line) => `  ${wrap(paint.plain(line), room, 4)}`)
  const head = `${paint.strong(name)}  ${missing === undefined ? state : paint.careful(state)}`
  return [head, ...lines].join('\n')
}

/** One line per algorithm; a single line for a target that uses our names. */
function algorithmLines({ algorithms }: InstalledTarget): string[] {
  const names = Object.entries(algorithms)
  if (names.length === 0) return []
  if (names.every(([ours, theirs]) => ours === theirs)) {
    return [`every algorithm, under the same name: ${names.map(([ours]) => ours).join(', ')}`]
  }
  const width = Math.max(...names.map(([ours]) => ours.length))
  return names.map(([ours, theirs]) => `${ours.padEnd(width)}  ${theirs}`)
}
