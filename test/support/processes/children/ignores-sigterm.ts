// A child that does not respond, and ignores SIGTERM and its closed channel: only SIGKILL ends it.
process.on('SIGTERM', () => undefined)
process.on('message', () => undefined)
process.on('disconnect', () => undefined)
setInterval(() => undefined, 1000)
process.stdout.write('deaf\n')
