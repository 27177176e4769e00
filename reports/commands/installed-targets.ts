import type { RenderOptions } from '../../src/kit/render-options.ts'
import { wrap } from '../../src/kit/wrap.ts'
import type { InstalledTarget } from '../../src/targets/installed-targets.ts'
import { type Screen, screen } from '../layout/screen.ts'

/** A paragraph a target: whether it is here, and its own name of each algorithm that it has. */
export function foundTargetsText(targets: readonly InstalledTarget[], look: RenderOptions): string {
  const on = screen(look)
  return `${targets.map((target) => paragraph(target, on)).join('\n\n')}\n`
}

function paragraph(target: InstalledTarget, { look, paint }: Screen): string {
  const { name, summary, version, missing, needs } = target
  const room = look.width && look.width - 2
  const here = version ?? (needs === undefined ? 'ready' : `ready, with ${needs}`)
  const said = missing === undefined ? here : 'not here'
  const lines = [
    summary,
    ...(missing === undefined ? [] : [missing]),
    ...algorithmLines(target),
  ].map((line) => `  ${wrap(paint.plain(line), room, 4)}`)
  const head = `${paint.strong(name)}  ${missing === undefined ? said : paint.careful(said)}`
  return [head, ...lines].join('\n')
}

/** A line each, unless all are called as we call them. */
function algorithmLines({ algorithms }: InstalledTarget): string[] {
  const names = Object.entries(algorithms)
  if (names.length === 0) return []
  if (names.every(([ours, theirs]) => ours === theirs)) {
    return [`every algorithm, by its name: ${names.map(([ours]) => ours).join(', ')}`]
  }
  const wide = Math.max(...names.map(([ours]) => ours.length))
  return names.map(([ours, theirs]) => `${ours.padEnd(wide)}  ${theirs}`)
}
