import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { InForce } from '../balancer/config/config.ts'
import { pathIn } from '../kit/path-in.ts'
import type { Arm } from '../plan/plan.ts'
import type { ReadBack, Turn } from '../plan/turn.ts'
import type { Lab } from './lab.ts'

/** A knob of an arm that its running target does not show. */
export interface MissedTurn {
  readonly knob: string
  /** The fact that was read, what it should be, and what it is. */
  readonly what: string
  readonly wanted: string
  readonly found: string
}

/** A program accepts connections before it has started all its workers: it is read again so many times, so far apart. */
const [maxTries, pauseMs] = [10, 20]

/**
 * Reads from the running target what became of the knobs of an arm, before its load: those that it does not show. The
 * protocols of the load are read after it.
 */
export async function missedTurns(
  { turns = [] }: Pick<Arm, 'turns'>,
  lab: Pick<Lab, 'pids' | 'inForce'>,
): Promise<MissedTurn[]> {
  const [pid] = lab.pids.target
  if (turns.length === 0 || pid === undefined) return []
  for (let tries = 1; ; tries++) {
    const missed = missedOf(turns, pid, await lab.inForce())
    if (missed.length === 0 || tries === maxTries) return missed
    await wait(pauseMs)
  }
}

function missedOf(turns: readonly Turn[], pid: number, inForce: InForce | undefined): MissedTurn[] {
  return turns.flatMap(({ knob, readBack }) =>
    readBack
      .filter(({ from }) => from !== 'protocol' && from !== 'backend-protocol')
      .flatMap((one) => {
        const found = factOf(one, pid, inForce)
        const what = `${one.from} ${one.what}`.trim()
        return found === one.is ? [] : [{ knob, what, wanted: one.is, found }]
      }),
  )
}

/** A fact of the process `pid`, as text. */
function factOf({ from, what, is }: ReadBack, pid: number, inForce: InForce | undefined): string {
  if (from === 'settings') {
    const found = JSON.stringify(pathIn(inForce?.settings, what) ?? null)
    return is === 'present' && found !== 'null' ? is : found
  }
  if (from === 'workers') return distinct(inForce?.workers.map((one) => pathIn(one, what)) ?? [])
  if (from === 'environment') return variableOf(pid, what)
  if (from === 'processes') return String(childrenOf(pid))
  if (from === 'threads') return String(readdirSync(`/proc/${pid}/task`).length)
  return configurationOf(pid).includes(spaced(what)) ? 'present' : 'absent'
}

function distinct(values: readonly unknown[]): string {
  return [...new Set(values.map((value) => String(value)))].join(', ')
}

function variableOf(pid: number, name: string): string {
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  return variables.findLast((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

/** Processes that the first process started: of nginx its workers. */
function childrenOf(pid: number): number {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return list === '' ? 0 : list.split(' ').length
}

/** The configuration file that the command line of a process names, with single spaces; a title such as nginx's has it, too. */
function configurationOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/)
  const at = words.findLastIndex((word) => ['-c', '-f', '--config'].includes(word))
  const file = words[at + 1]
  return at < 0 || file === undefined ? '' : spaced(readFileSync(file, 'utf8'))
}

function spaced(text: string): string {
  return text.replaceAll(/#.*$/gm, '').replaceAll(/\s+/g, ' ').trim()
}
