import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { writeOutput } from '../kit/output.ts'
import { readText } from '../kit/read-text.ts'
import { metricNames } from '../result/metrics.ts'

/** The noise floor of one host, as `lb selftest` measured it: by metric, the smallest relative difference that its comparisons can resolve. */
const noise = z.strictObject({
  format: z.literal('lb-noise'),
  version: z.literal(1),
  fingerprint: z.string(),
  measuredAt: z.iso.datetime(),
  floors: z.partialRecord(z.enum(metricNames), z.number().nonnegative()),
})
export type Noise = z.infer<typeof noise>

/** Stores the noise floor of a host in place of an older one, and returns the file. */
export async function storeNoise(stored: Noise, env = process.env): Promise<string> {
  const path = fileOf(stored.fingerprint, env)
  await mkdir(folderOf(env), { recursive: true })
  await writeOutput({ path, force: true }, `${JSON.stringify(noise.parse(stored), null, 2)}\n`)
  return path
}

/** The noise floor of a host; undefined if it was never measured or cannot be read. */
export async function readNoise(
  fingerprint: string,
  env = process.env,
): Promise<Noise | undefined> {
  const text = await readText(fileOf(fingerprint, env), maxBytes).catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return noise.parse(JSON.parse(text))
  } catch {
    // A damaged file counts as never measured: the next selftest replaces it.
    return undefined
  }
}

/** Bytes of a stored noise floor. */
const maxBytes = 2 ** 20

function fileOf(fingerprint: string, env: NodeJS.ProcessEnv): string {
  return join(folderOf(env), `noise-${fingerprint}.json`)
}

/** XDG Base Directory Specification: state that survives restarts and is not configuration. */
function folderOf(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'lb')
}
