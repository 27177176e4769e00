import type { AskedRun } from '../doctor/host/asked-run.ts'
import { readDoctorFacts } from '../doctor/host/read-facts.ts'
import { examineHost } from '../doctor/host/registry.ts'
import { registry } from '../experiment/run/plan-for.ts'
import { plural } from '../kit/plural.ts'
import { grouped } from '../kit/units.ts'
import { readLoadScenario } from '../plan/scenarios.ts'
import type { Diagnosis } from '../result/diagnosis.ts'

/** The run that a host is checked for. */
export interface HostFlags {
  readonly connections?: number | undefined
  readonly rate?: number | undefined
  readonly backends?: number | undefined
  readonly 'keep-alive': boolean
}

/** The run of `lb bench` without a flag. */
const usual = { connections: 40, backends: 3 }

/**
 * Checks this host for a run: that of a scenario, as far as flags do not say otherwise.
 *
 * @throws {UsageError} the scenario cannot be read
 */
export async function diagnoseHost(
  scenario: string | undefined,
  flags: HostFlags,
): Promise<Diagnosis> {
  const run = await askedRun(scenario, flags)
  const checks = examineHost(await readDoctorFacts(), run)
  return { of: 'host', subject: runWords(run, scenario), checks, symptoms: [] }
}

async function askedRun(scenario: string | undefined, flags: HostFlags): Promise<AskedRun> {
  const own =
    scenario === undefined ? undefined : (await readLoadScenario(scenario, registry)).scenario
  const closes = Object.entries(own?.request.headers ?? {}).some(
    ([name, value]) => /^connection$/i.test(name) && /\bclose\b/i.test(value),
  )
  return {
    connections: flags.connections ?? own?.connections ?? usual.connections,
    rate: flags.rate ?? own?.rate,
    backends: flags.backends ?? own?.backends.length ?? usual.backends,
    keepAlive: flags['keep-alive'] && !closes,
  }
}

function runWords(
  { connections, rate, backends, keepAlive }: AskedRun,
  scenario: string | undefined,
): string {
  return [
    ...(scenario === undefined ? [] : [scenario]),
    `${grouped(connections)} connections`,
    ...(rate === undefined ? [] : [`${grouped(rate)} req/s`]),
    plural(backends, 'backend'),
    keepAlive ? 'keep-alive' : 'a new connection for each request',
  ].join(', ')
}
