#!/usr/bin/env node
'use strict'

// Plain old JavaScript, so that a Node that is too old can still say so. CommonJS starts about 15% faster than a module here.
var version = process.versions.node.split('.').map(Number)
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  console.error(
    'ai-eng-starter needs Node.js 20.19 or newer; this is ' +
      process.versions.node +
      '. Get one at https://nodejs.org',
  )
  process.exitCode = 1
} else {
  require('../dist/main.cjs')
    .runCli(process.argv.slice(2), require('node:path').dirname(__dirname))
    .then((exitCode) => {
      process.exitCode = exitCode
    })
}
