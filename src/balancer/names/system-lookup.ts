import { isIP } from 'node:net'
import { textOf } from './hosts-file.ts'

/** Sources of names in nsswitch.conf(5) that this room has itself. */
const ownSources: ReadonlySet<string> = new Set(['files', 'dns'])

/** Whether the host has other sources of names than the hosts file and DNS, such as mDNS. */
export function hasOtherSources(nsswitchPath: string): boolean {
  const [, line = ''] = /^hosts:(.*)$/m.exec(textOf(nsswitchPath)) ?? []
  const sources = line
    .replaceAll(/\[[^\]]*\]|#.*/g, ' ')
    .trim()
    .split(/\s+/)
  return sources.some((source) => source !== '' && !ownSources.has(source))
}

/** Maximum number of processes at once: further lookups wait. A single source that is silent for one name holds up no other. */
const maxProcesses = 16
let processes = 0
/** Starts each of the lookups that wait. */
const waiting: (() => void)[] = []

/**
 * Asks the system's own resolver, which reads nsswitch.conf, in a process of its own: `getent ahosts NAME`. In
 * the four threads of libuv, where `dns.lookup` runs, one silent source would hold up every other name and file.
 *
 * @param seconds after which the process is ended
 * @returns undefined where the name is unknown, or the process failed
 */
export async function systemLookup(
  host: string,
  seconds: number,
): Promise<readonly string[] | undefined> {
  if (processes < maxProcesses) processes++
  else await new Promise<void>((start) => waiting.push(start))
  try {
    return await runGetent(host, seconds)
  } finally {
    const next = waiting.shift()
    if (next === undefined) processes--
    else next()
  }
}

function runGetent(host: string, seconds: number): Promise<readonly string[] | undefined> {
  const { execFile } = process.getBuiltinModule('node:child_process')
  const { promise, resolve } = Promise.withResolvers<readonly string[] | undefined>()
  const options = { timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 65_536 } as const
  execFile('getent', ['ahosts', '--', host], options, (error, stdout) => {
    const addresses = stdout.split('\n').map((line) => line.split(' ', 1)[0] ?? '')
    const unique = [...new Set(addresses)].filter((address) => isIP(address) !== 0)
    resolve(error !== null || unique.length === 0 ? undefined : unique)
  })
  return promise
}
