import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import os from 'node:os'
import type { Host } from '../result/document.ts'

/** Packages whose version may affect the figures. */
const measuringPackages = ['autocannon', 'undici', 'hdr-histogram-js']

/** The machine and the software of a measurement. `cpusAvailable`: CPUs after affinity and quota. */
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
    os: await osName(),
    packages: Object.fromEntries(
      await Promise.all(
        measuringPackages.map(async (name) => [name, await version(name)] as const),
      ),
    ),
    fingerprint: fingerprint(host),
  }
}

type Compared = Pick<Host, 'cpuModel' | 'cpus' | 'memoryBytes' | 'kernel' | 'node'>

/** Equal for hosts whose results may be compared. Memory is rounded to 256 MiB, since the kernel reserves a varying part. */
export function fingerprint({ cpuModel, cpus, memoryBytes, kernel, node }: Compared): string {
  const memory = Math.round(memoryBytes / 2 ** 28)
  const compared = JSON.stringify([cpuModel, cpus, memory, kernel, node])
  return createHash('sha256').update(compared).digest('hex').slice(0, 16)
}

async function version(name: string): Promise<string> {
  const file = findPackageJSON(name, import.meta.url)
  return file === undefined ? 'unknown' : JSON.parse(await readFile(file, 'utf8')).version
}

/** `Ubuntu 24.04.1 LTS`, or the name of the kernel where there is no os-release (macOS). */
async function osName(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^PRETTY_NAME="?(.*?)"?$/m.exec(text)?.[1] ?? `${os.type()} ${os.release()}`
}
