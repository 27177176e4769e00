import { fork } from 'node:child_process'
import { createServer } from 'node:http'

// A third-party program in the manner of nginx: a master, and a worker that serves and is not
// notified when its master ends. MASTER=deaf: both ignore SIGTERM.
const [, file = '', port = '', role = 'master'] = process.argv
if (process.env.MASTER === 'fails') {
  process.stderr.write('unknown directive "wrokers"\n')
  process.exit(1)
}
if (process.env.MASTER === 'deaf') process.on('SIGTERM', () => undefined)

if (role === 'worker') {
  process.on('disconnect', () => undefined)
  createServer((_, response) => response.end(String(process.pid))).listen(Number(port), '127.0.0.1')
} else {
  const worker = fork(file, [port, 'worker'])
  process.on('SIGTERM', () => {
    worker.kill('SIGTERM')
    if (process.env.MASTER !== 'deaf') process.exit(0)
  })
}
