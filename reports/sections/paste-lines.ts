import type { ResultDocument } from '../../src/result/document.ts'
import { metrics } from '../../src/result/metrics.ts'
import type { TurnedKnob } from '../../src/result/tune.ts'
import { signed } from './comparisons.ts'
import { byEffect, effectWords } from './tune.ts'

/** The configuration to paste: only values that helped and made nothing else worse, each with its figure. */
export function pasteLines({ tune }: ResultDocument): string[] {
  if (tune === undefined) return []
  const helped = byEffect(tune.knobs).filter(({ answer }) => answer === 'helps')
  const best = helped.filter(
    (one, at) => helped.findIndex(({ knob }) => knob === one.knob) === at && !isTrade(one),
  )
  const trades = helped.filter(isTrade)
  if (helped.length === 0) return ['# no change is shown to help here: keep the defaults']
  return [
    ...(best.length === 0 ? [] : [`# ${tune.target}: only what helped here, each with its figure`]),
    ...merged(best),
    ...trades.map((one) => `# left out, since it costs something else: ${one.arm}: ${trade(one)}`),
  ]
}

/** The lines of all values. Fields of one group, such as `limits:`, are put below one line of it: a name may be there once. */
function merged(knobs: readonly TurnedKnob[]): string[] {
  const groups = new Map<string, string[]>()
  for (const one of knobs) {
    const comment = `# ${one.arm}: ${effectWords(one)}`
    const [first = '', ...below] = one.paste.split('\n')
    const isGroup = first.endsWith(':') && below.length > 0
    if (isGroup) groups.set(first, [...(groups.get(first) ?? []), `  ${comment}`, ...below])
    else groups.set(comment, [first, ...below])
  }
  return [...groups].flatMap(([first, below]) => [first, ...below])
}

/** Whether something else became worse. */
function isTrade({ effects, lost }: TurnedKnob): boolean {
  return effects.some(({ outcome }) => outcome === 'worse') || lost?.outcome === 'worse'
}

function trade({ effects }: TurnedKnob): string {
  return effects
    .filter(({ outcome }) => outcome === 'better' || outcome === 'worse')
    .map(({ metric, ratio }) => `${metrics[metric].label} ${signed(ratio.center)}`)
    .join(', ')
}
