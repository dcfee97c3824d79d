// Packages are installed outside the checkout; tests/parts/browser passes their folder.
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.LATCHHOOK_BROWSER_MODULES}/`);

export const { chromium } = require('playwright-core');
export const axeSource = require('axe-core').source;
