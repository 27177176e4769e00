import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A module that delays all that sockets of its process send by 5 ms. */
export const slowSockets = `import net from 'node:net'
const { write } = net.Socket.prototype
net.Socket.prototype.write = function (...words) {
  setTimeout(() => write.apply(this, words), 5)
  return true
}
`

/** A module that makes the clocks of its process run 2 % slow from its start on. */
export const slowClocks = `const { hrtime } = process
const [now, big, date] = [performance.now.bind(performance), hrtime.bigint, Date.now]
const [firstBig, firstDate] = [big(), date()]
const scaled = () => firstBig + ((big() - firstBig) * 98n) / 100n
const pair = (nanos) => [Number(nanos / 1000000000n), Number(nanos % 1000000000n)]
const own = ([seconds, nanos] = [0, 0]) => pair(scaled() - BigInt(seconds) * 1000000000n - BigInt(nanos))
performance.now = () => 0.98 * now()
process.hrtime = Object.assign(own, { bigint: scaled })
Date.now = () => Math.round(firstDate + 0.98 * (date() - firstDate))
`

/** The nodes of a file whose third one runs all of lb with a module that makes it crooked. */
export async function crookedNodes(folder: string, name: string, module: string): Promise<string> {
  const [code, node, nodes] = ['mjs', 'sh', 'yaml'].map((end) => join(folder, `${name}.${end}`))
  await writeFile(code as string, module)
  await writeFile(
    node as string,
    `#!/bin/sh\n[ "$SLURMD_NODENAME" = n2 ] && export NODE_OPTIONS="--import ${code}"\nexec ${process.execPath} "$@"\n`,
    { mode: 0o755 },
  )
  await writeFile(nodes as string, `drivers: 3\nnode: ${node}\n`)
  return nodes as string
}
