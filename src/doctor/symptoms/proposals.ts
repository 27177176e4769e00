import { shellLine, withFlag, withoutFlags } from '../../kit/command-line.ts'
import { commandWords } from '../../result/command-words.ts'
import type { ResultDocument } from '../../result/document.ts'
import type { LoadResult } from '../../result/schemas/load.ts'
import type { Proposals } from './observed.ts'

type Flag = readonly [name: string, value: string]

/** Other spellings of flags that proposals set. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  '--algo': ['-a', '--algorithm', '--algorithms'],
  '--target': ['-t', '--targets'],
  '--cores': ['-c'],
  '--duration': ['-d'],
  '--trials': ['-n'],
}

/** Flags that judge a run, or end it early: a look at a symptom needs neither. */
const judging = {
  valued: ['--fail-on', '--baseline', '--on-inconclusive', '--precision', '--max-time'],
  plain: ['--dry-run', '--dump-config', '--live'],
}

/** The value of a flag in the words of a command; undefined where it has none. */
function flagValue(words: readonly string[], flag: string, short = flag): string | undefined {
  const at = words.findIndex((word) => word === flag || word === short)
  const joined = words.find((word) => word.startsWith(`${flag}=`))
  return joined?.slice(flag.length + 1) ?? (at < 0 ? undefined : words[at + 1])
}

function changed(words: readonly string[], flags: readonly Flag[]): string {
  const all = flags.reduce<readonly string[]>(
    (before, [name, value]) =>
      withFlag(withoutFlags(before, { valued: spellings[name] ?? [] }), name, value),
    words,
  )
  return shellLine(['lb', ...all])
}

/** Commands that show more of a run of trials. Of a run by another command than `bench`, those of the default scenario. */
export function benchProposals(document: ResultDocument): Proposals {
  const { command, plan } = document
  const words = command[0] === 'bench' ? withoutFlags(commandWords(document), judging) : ['bench']
  const url = flagValue(words, '--url')
  const isOwnServer = url !== undefined || words.some((word) => /^--command(?:=|$)/.test(word))
  const scenario = flagValue(words, '--scenario', '-s')
  const loaded = url ?? scenario ?? 'default'
  const { rate } = plan.arrivals
  return {
    again(...flags) {
      // The algorithm and the workers of a server of the user's own are not lb's to set.
      const own = flags.filter(
        ([name]) => !isOwnServer || !['--algo', '--target', '--cores'].includes(name),
      )
      return changed(words, own.length > 0 ? own : [['--duration', '30s']])
    },
    capacity: (objective) =>
      shellLine([
        ...['lb', 'capacity', '--slo', objective],
        ...(url === undefined ? [] : ['--url', url]),
        ...(scenario === undefined ? [] : ['--scenario', scenario]),
      ]),
    host: () =>
      shellLine([
        ...['lb', 'doctor', '--connections', String(plan.connections)],
        ...['--backends', String(plan.backends.length)],
        ...(rate === undefined ? [] : ['--rate', String(Math.round(rate))]),
      ]),
    once: () => shellLine(['lb', 'load', loaded, '--once']),
    configuration: () =>
      url === undefined
        ? shellLine(['lb', ...words, '--dump-config'])
        : shellLine(['lb', 'load', loaded, '--once']),
    ...insideOf(words, isOwnServer),
  }
}

/** Commands that look into the target of a command, or measure its settings. */
function insideOf(
  words: readonly string[],
  isOwnServer: boolean,
): Pick<Proposals, 'profile' | 'tune'> {
  const target = flagValue(words, '--target', '-t') ?? 'reference'
  const algorithm = flagValue(words, '--algo', '-a')
  return {
    profile: (otherwise, ...flags) =>
      isOwnServer
        ? otherwise
        : shellLine([
            ...['lb', 'profile'],
            ...(target === 'reference' ? [] : ['--target', target]),
            ...(algorithm === undefined ? [] : ['--algo', algorithm]),
            ...flags,
          ]),
    tune: (otherwise, ...knobs) =>
      isOwnServer || target !== 'reference'
        ? otherwise
        : shellLine(['lb', 'tune', '--only', knobs.join(',')]),
  }
}

/** Commands that show more of a load test. */
export function loadProposals({ command, course }: LoadResult): Proposals {
  const words = withoutFlags(commandWords({ command }), judging)
  const loaded = words[1] ?? 'default'
  const url = /^(?:https?:\/\/|unix:)/i.test(loaded) ? loaded : flagValue(words, '--url')
  const once = () =>
    shellLine([
      'lb',
      'load',
      loaded,
      ...(url === undefined || url === loaded ? [] : ['--url', url]),
      '--once',
    ])
  const known = ['--drivers', '--connections', ...(url === undefined ? ['--target'] : [])]
  const most = Math.max(0, ...course.map(({ planned }) => planned))
  return {
    again(...flags) {
      const own = flags.filter(([name]) => known.includes(name))
      return own.length === 0 ? once() : changed(words, own)
    },
    capacity: (objective) =>
      shellLine([
        'lb',
        'capacity',
        '--slo',
        objective,
        ...(url === undefined ? [] : ['--url', url]),
      ]),
    host: () =>
      shellLine(['lb', 'doctor', ...(most >= 1 ? ['--rate', String(Math.round(most))] : [])]),
    once,
    configuration: once,
    ...insideOf(words, url !== undefined),
  }
}
