import { startProcess } from '../../../src/lab/process.ts'

// Starts the given children as `lb` would, says their pids and ports, and then waits to be ended.
const [, , ...files] = process.argv
const found: { pid: number; port: number }[] = []
for (const file of files) {
  const child = await startProcess({ name: 'the child', file })
  const { port } = await child.ask<{ port: number }>('start')
  found.push({ pid: child.pid, port })
}
process.send?.(found)
process.on('message', (order) => {
  if (order === 'throw') throw new Error('on purpose')
  if (order === 'exit') process.exit(1)
})
