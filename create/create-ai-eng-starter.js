#!/usr/bin/env node
'use strict'

// `npm create ai-eng-starter rag-bot my-bot` is `ai-eng-starter new rag-bot my-bot`, in this very process.
process.argv.splice(2, 0, 'new')
require('ai-eng-starter/bin/ai-eng-starter.js')
