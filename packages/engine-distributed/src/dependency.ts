import type { DependencyName } from '@twite/core/unavailable';
import { Unavailable } from '@twite/core/unavailable';
import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  handleWhen,
  SamplingBreaker,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
