// A NestJS service: what Nest itself says, and what its Logger is told, goes through winston.

import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Logger, type LoggerService, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { init, withLogContext } from 'otel-setup';
import type { Logger as WinstonLogger } from 'winston';

/** Nest gives the context last, and for an error its stack before that. */
class NestLogger implements LoggerService {
  readonly #to: WinstonLogger;

  constructor(to: WinstonLogger) {
    this.#to = to;
  }

  log(message: unknown, ...more: unknown[]): void {
    this.#write('info', message, more);
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.#write('error', message, [{ fatal: true }, ...more]);
  }

  error(message: unknown, ...more: unknown[]): void {
    this.#write('error', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.#write('warn', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.#write('debug', message, more);
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.#write('verbose', message, more);
  }

  #write(level: string, message: unknown, more: unknown[]): void {
    const texts = more.filter((each) => typeof each === 'string');
    const objects = more.filter((each) => typeof each === 'object');
    const fields = Object.assign({}, ...objects, { context: texts.at(-1) });
    if (texts.length > 1) fields.stack = texts[0];
    if (message instanceof Error) {
      this.#to.log(level, message.message, { ...fields, error: message });
    } else if (typeof message === 'object') {
      this.#to.log(level, '', { ...message, ...fields });
    } else {
      this.#to.log(level, String(message), fields);
    }
  }
}

@Controller('orders')
class Orders {
  readonly #logger = new Logger('Orders');

  @Post()
  place(@Body() body: { orderId: number }): { placed: number } {
    if (body.orderId === 13) {
      throw new RangeError('no order has this number');
    }
    this.#logger.log('order placed', { orderId: body.orderId });
    return { placed: body.orderId };
  }
}

@Module({ controllers: [Orders] })
class App {}

const { logger } = init();
const app = await NestFactory.create(App, { logger: new NestLogger(logger) });
app.use((request: Request, _response: Response, next: NextFunction) => {
  withLogContext({ requestId: request.get('x-request-id') ?? randomUUID() }, next);
});
await app.listen(Number(process.argv[2] ?? 3000));
logger.info('listening', { port: (app.getHttpServer().address() as AddressInfo).port });
