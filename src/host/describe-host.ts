import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import os from 'node:os'
import type { Host } from '../result/document.ts'

/** Packages whose version a figure may depend on. */
const measuring = ['autocannon', 'undici', 'hdr-histogram-js']

/** The machine and the software that measure. `cpusAvailable` is what affinity and quota leave. */
export async function describeHost(cpusAvailable: number): Promise<Host> {
  const cpus = os.cpus()
  const host = {
    cpuModel: cpus[0]?.model.trim() || os.machine(),
    cpus: Math.max(cpus.length, 1),
    memoryBytes: os.totalmem(),
    kernel: os.release(),
    node: process.versions.node,
  }
  return {
    ...host,
    cpusAvailable,
    os: await system(),
    packages: Object.fromEntries(
      await Promise.all(measuring.map(async (name) => [name, await version(name)] as const)),
    ),
    fingerprint: fingerprint(host),
  }
}

type Compared = Pick<Host, 'cpuModel' | 'cpus' | 'memoryBytes' | 'kernel' | 'node'>

/** The same for hosts whose results may be compared. Memory to 256 MiB: the kernel keeps a changing rest. */
export function fingerprint({ cpuModel, cpus, memoryBytes, kernel, node }: Compared): string {
  const memory = Math.round(memoryBytes / 2 ** 28)
  const compared = JSON.stringify([cpuModel, cpus, memory, kernel, node])
  return createHash('sha256').update(compared).digest('hex').slice(0, 16)
}

async function version(name: string): Promise<string> {
  const file = findPackageJSON(name, import.meta.url)
  return file === undefined ? 'unknown' : JSON.parse(await readFile(file, 'utf8')).version
}

/** `Ubuntu 24.04.1 LTS`, or the kernel's own name where there is no os-release (macOS). */
async function system(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^PRETTY_NAME="?(.*?)"?$/m.exec(text)?.[1] ?? `${os.type()} ${os.release()}`
}
