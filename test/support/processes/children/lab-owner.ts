import { freePort } from '../../../../src/lab/ports.ts'
import { startProcess } from '../../../../src/lab/process.ts'
import { startProgram } from '../../../../src/lab/program.ts'

// Starts a child process and a third-party program as `lb` would, reports their pids and ports, and then
// waits for the test to end it.
const [, , child = '', master = '', folder = ''] = process.argv
const ours = await startProcess({ name: 'the child', file: child })
const { port } = await ours.call<{ port: number }>('start')

const theirPort = await freePort()
const theirs = await startProgram({
  name: 'the program',
  file: process.execPath,
  args: [master, String(theirPort)],
  env: {},
  folder,
  cpus: undefined,
  log: `${folder}/program.log`,
  port: theirPort,
  signal: new AbortController().signal,
})
process.send?.({ pids: [ours.pid, theirs.pid], ports: [port, theirPort] })
process.on('message', (order) => {
  if (order === 'throw') throw new Error('on purpose')
  if (order === 'exit') process.exit(1)
})
