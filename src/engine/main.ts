import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { meterProcesses } from '../meter/process.ts'
import { processFamily } from '../meter/process-family.ts'
import { type AgentOptions, startAgent } from './agent.ts'
import { frameReader, framesOf } from './frame.ts'
import type { ToAgent } from './messages.ts'
import { nodeAddresses } from './node-addresses.ts'
import { startChild } from './node-child.ts'
import { meterNode } from './node-usage.ts'
import { ownVersion } from './own-version.ts'

/**
 * The program of an agent, which an engine starts on a node: it reads and writes frames on standard input and output, and
 * ends, with all that it started, once its input ends. Its number is an argument, or that of its Slurm task.
 */
const number = Number(process.argv[2] ?? process.env.SLURM_PROCID ?? 0)
const folder = mkdtempSync(join(os.tmpdir(), 'lb-agent-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

// Groups of children are killed at the exit of this process.
const end = (): never => process.exit(0)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
process.stdout.on('error', end)

const options: AgentOptions = {
  facts: {
    node: process.env.SLURMD_NODENAME,
    lb: ownVersion(),
    nodeVersion: process.versions.node,
    cpus: os.availableParallelism(),
    addresses: nodeAddresses(),
  },
  send: (message) =>
    void process.stdout.write(
      framesOf(number, message)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  startChild: (program, events) => startChild(program, folder, events),
  meter: (pid) => meterProcesses(() => processFamily(pid)),
  meterNode,
  end,
}
const agent = startAgent(options)
const read = frameReader({ only: number })
const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
lines.on('line', (line) => {
  const framed = read(line)
  if (framed !== undefined) agent.receive(framed.message as ToAgent)
})
lines.on('close', end)
