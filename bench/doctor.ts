import { parseArgs } from 'node:util'
import { diagnose } from './doctor/diagnose.ts'
import { missingPrograms, type Plant, plants } from './doctor/plants.ts'

/*
 * npm run bench:doctor [-- --healthy 20]: whether `lb doctor` finds faults that are there. Each is made for real: limits in
 * a shell, sysctls in a network namespace, a cgroup with a quota, programs that use the CPUs, backends that refuse. Then it
 * looks at the host without them so many times: what it finds of these is a false alarm. Faults that this user may not make are
 * named. Takes a minute. Needs a build.
 */

const { values } = parseArgs({ options: { healthy: { type: 'string', default: '20' } } })
const healthy = Number(values.healthy)

/** Whether a fault is found, or why it could not be made. */
async function found({ run, finds }: Plant): Promise<string> {
  const diagnosis = await run()
  if (typeof diagnosis === 'string') return `not made here: ${diagnosis}`
  const seen = [...diagnosis.checks, ...diagnosis.symptoms].filter(
    ({ name, state }) => finds.includes(name) && (state === 'bad' || state === 'warn'),
  )
  const [first] = seen
  return first === undefined ? 'NOT FOUND' : `${first.name} ${first.state}: ${first.found}`
}

const lines = missingPrograms().map(
  (name) => `${name} is not installed: some faults cannot be made`,
)
for (const line of lines) process.stdout.write(`${line}\n`)
let [missed, made] = [0, 0]
for (const plant of plants) {
  const outcome = await found(plant)
  if (outcome === 'NOT FOUND') missed++
  if (!outcome.startsWith('not made')) made++
  process.stdout.write(`${plant.name}: ${outcome}\n`)
}

const watched = new Set(plants.flatMap(({ finds }) => finds))
const alarms = new Map<string, number>()
for (let i = 0; i < healthy; i++) {
  const diagnosis = await diagnose([])
  if (typeof diagnosis === 'string') throw new Error(diagnosis)
  for (const { name, state } of diagnosis.checks) {
    if (state === 'ok' || state === 'unknown' || !watched.has(name)) continue
    alarms.set(name, (alarms.get(name) ?? 0) + 1)
  }
}
const named = [...alarms].map(([name, count]) => `${name} ${count}`).join(', ')
process.stdout.write(
  `found ${made - missed} of ${made} faults; of ${healthy} looks at the host without them, alarms: ${named || 'none'}\n`,
)
