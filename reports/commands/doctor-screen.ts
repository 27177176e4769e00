import type { RenderOptions } from '../../src/kit/render-options.ts'
import { wrap } from '../../src/kit/wrap.ts'
import type { Diagnosis, Leaf, SymptomCheck } from '../../src/result/diagnosis.ts'
import type { CheckState, HostCheck } from '../../src/result/host-check.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'
import { certaintyWords } from './doctor-certainty.ts'
import { subjectOf, verdictOf } from './doctor-verdict.ts'
import { stateMarks } from './selftest-screen.ts'

/** The order of the states: what needs the reader first. */
const order: readonly CheckState[] = ['bad', 'warn', 'unknown', 'ok']

/** A diagnosis for a terminal: the answer, what is wrong with what to do, and every other check in a line. */
export function doctorScreen(diagnosis: Diagnosis, options: RenderOptions): string {
  const on = terminal(options)
  const isBad = [...diagnosis.checks, ...diagnosis.symptoms].some(({ state }) => state === 'bad')
  const tone = isBad ? on.paint.bad : on.paint.good
  const title = `${on.paint.strong('lb doctor')}  ${on.paint.plain(subjectOf(diagnosis))}`
  const lines = [
    title,
    '',
    on.paint.strong(tone(on.paint.plain(verdictOf(diagnosis)))),
    '',
    ...byState(diagnosis.symptoms).flatMap((symptom) => symptomLines(symptom, on)),
    ...byState(diagnosis.checks).flatMap((check) => checkLines(check, on)),
  ]
  return `${lines.join('\n')}\n`
}

function byState<One extends { readonly state: CheckState }>(all: readonly One[]): One[] {
  return order.flatMap((state) => all.filter((one) => one.state === state))
}

function headLine(
  { state, title, found }: Pick<HostCheck, 'state' | 'title' | 'found'>,
  on: Terminal,
): string {
  const { paint } = on
  const shade = { ok: paint.good, warn: paint.careful, bad: paint.bad, unknown: paint.faint }[state]
  const text = wrapped(`${title}: ${found}`, 2, on)
  return `${shade(paint.plain(stateMarks[state]))} ${text}`
}

function checkLines(check: HostCheck, on: Terminal): string[] {
  if (check.state === 'ok' || check.state === 'unknown') return [headLine(check, on)]
  const { effect, advice, change, recheck } = check
  return [
    headLine(check, on),
    ...named('effect', effect, on),
    ...named('advice', advice, on),
    ...named('change', change, on),
    ...named('check', recheck, on),
  ]
}

function symptomLines(symptom: SymptomCheck, on: Terminal): string[] {
  return [headLine(symptom, on), ...symptom.leaves.flatMap((leaf) => leafLines(leaf, on))]
}

function leafLines({ subject, says, certainty, evidence, advice, command }: Leaf, on: Terminal) {
  return [
    `    ${on.paint.strong(wrapped(`${subject}: ${says}`, 4, on))}`,
    ...named('how sure', certaintyWords[certainty], on),
    ...evidence.flatMap((clause, i) => named(i === 0 ? 'evidence' : '', clause, on)),
    ...named('advice', advice, on),
    ...named('shown by', command, on),
  ]
}

/** A line with a name in front, below a check. */
function named(name: string, text: string | undefined, on: Terminal): string[] {
  if (text === undefined) return []
  return [`    ${on.paint.faint(name.padEnd(9))}${wrapped(text, 13, on)}`]
}

/** Text behind `indent` columns, whose further lines begin below its first. */
function wrapped(text: string, indent: number, { options, paint }: Terminal): string {
  const width = options.width && Math.max(20, options.width - indent)
  return wrap(paint.plain(text), width).replaceAll('\n', `\n${' '.repeat(indent)}`)
}
