/*
 * One ECG channel from an AD8232 board on an Arduino Uno or Nano (ATmega328P, 16 MHz), for Attune.
 *
 * Timer 1 starts every conversion in hardware, so that samples are equally spaced whatever the program is doing; each goes
 * out as one checksummed line:
 *
 *     $<seq>,<micros>,<adc>,<flags hex>*<xor hex>
 *
 * seq counts samples since "b", also those that were lost here; micros() is taken when the conversion ends, 0.11 ms
 * after it was started. Flags: 1 LO+, 2 LO-, 4 samples were lost before this one (the queue was full), 8 marker.
 *
 * Commands: ? header line, b begin, s stop. The header line is also sent on boot.
 */

#include <Arduino.h>

/* ---- what you may change ------------------------------------------------------------------------------------------ */

/* 250 or 500 samples per second. */
#define SAMPLING_RATE 500
/* A Uno makes 222222 of it (3.5 % slow), and so does the USB chip of an original Uno. On a clone with a CH340 prefer
 * 250000, which both hit exactly; 115200 is enough for 250 samples per second. Set the same rate in the session file. */
#define BAUD 230400L
/* 0: the converter compares with the 5 V supply. 1: with what is wired to AREF. NEVER leave it at 0 with AREF wired to
 * 3.3 V: that would short the two supplies. */
#define USE_AREF 0
/* Volts of that reference, as text. Measure it: USB gives 4.75 to 5.25 V. */
#define VREF "5.0"
/* Total gain of your AD8232 board, as text; "0" when you do not know it: values are then volts at the converter. */
#define GAIN "0"
#define CHANNEL "ecg"

/* ---- pins --------------------------------------------------------------------------------------------------------- */

/* OUTPUT of the AD8232 on A0 (ADC0), LO+ on 10 (PB2), LO- on 11 (PB3), marker (pulled up; active when low) on 2. */
#define ADC_CHANNEL 0
#define PIN_LEAD_OFF_POSITIVE 10
#define PIN_LEAD_OFF_NEGATIVE 11
#define PIN_MARKER 2

/* ------------------------------------------------------------------------------------------------------------------- */

#if !defined(__AVR_ATmega328P__)
#error "This sketch sets the timer and the converter of an ATmega328P (Uno, Nano); other boards need their own."
#endif
#if F_CPU != 16000000L
#error "The timer values assume a 16 MHz clock."
#endif
#if SAMPLING_RATE != 250 && SAMPLING_RATE != 500
#error "SAMPLING_RATE must be 250 or 500."
#endif
/* The longest line has 34 bytes of ten bits each. */
#if BAUD < SAMPLING_RATE * 340L
#error "BAUD is too slow for SAMPLING_RATE."
#endif

#define STRINGIFY_(x) #x
#define STRINGIFY(x) STRINGIFY_(x)
#define HEADER                                                                                             \
  "#ATTUNE 1 rate=" STRINGIFY(SAMPLING_RATE) " ch=" CHANNEL " unit=adc vref=" VREF " bits=10 gain=" GAIN

#define FLAG_LEAD_OFF_POSITIVE 1
#define FLAG_LEAD_OFF_NEGATIVE 2
#define FLAG_OVERRUN 4
#define FLAG_MARKER 8

struct Sample {
  uint32_t seq;
  uint32_t micros;
  uint16_t adc;
  uint8_t flags;
};

/* Written by the interrupt at head, read by loop() at tail. A power of two; 32 samples are 64 ms at 500 Hz. */
#define QUEUE_LENGTH 32
static volatile Sample queue[QUEUE_LENGTH];
static volatile uint8_t queueHead = 0;
static volatile uint8_t queueTail = 0;

static volatile bool streaming = false;
static volatile uint32_t nextSeq = 0;
static volatile bool overrun = false;
static volatile bool markerSeen = false;

/* A short pulse between two samples is kept for the next one. */
static void onMarker() { markerSeen = true; }

ISR(ADC_vect) {
  const uint32_t now = micros();
  const uint16_t adc = ADC;
  /* The converter starts on the rising edge of this flag; nobody else clears it. */
  TIFR1 = _BV(OCF1B);
  if (!streaming) return;

  const uint32_t seq = nextSeq;
  nextSeq = seq + 1;
  const uint8_t head = queueHead;
  const uint8_t next = (uint8_t)((head + 1) & (QUEUE_LENGTH - 1));
  if (next == queueTail) {
    overrun = true;
    return;
  }
  uint8_t flags = 0;
  const uint8_t pins = PINB;
  if (pins & _BV(PINB2)) flags |= FLAG_LEAD_OFF_POSITIVE;
  if (pins & _BV(PINB3)) flags |= FLAG_LEAD_OFF_NEGATIVE;
  if (overrun) flags |= FLAG_OVERRUN;
  if (markerSeen) flags |= FLAG_MARKER;
  overrun = false;
  markerSeen = false;
  queue[head].seq = seq;
  queue[head].micros = now;
  queue[head].adc = adc;
  queue[head].flags = flags;
  queueHead = next;
}

static void startConverter() {
  /* Timer 1 counts 250000 per second up to OCR1A, then begins anew; compare match B starts a conversion. */
  noInterrupts();
  TCCR1A = 0;
  TCCR1B = _BV(WGM12) | _BV(CS11) | _BV(CS10);
  OCR1A = (uint16_t)(F_CPU / 64 / SAMPLING_RATE - 1);
  OCR1B = (uint16_t)(F_CPU / 64 / SAMPLING_RATE - 1);
  TCNT1 = 0;
  TIMSK1 = 0;
  TIFR1 = _BV(OCF1B);

  DIDR0 = _BV(ADC_CHANNEL);
  ADMUX = (uint8_t)((USE_AREF ? 0 : _BV(REFS0)) | ADC_CHANNEL);
  ADCSRB = _BV(ADTS2) | _BV(ADTS0);
  ADCSRA = _BV(ADEN) | _BV(ADATE) | _BV(ADIE) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0);
  interrupts();
}

/* ---- one line ----------------------------------------------------------------------------------------------------- */

static char line[40];
static uint8_t lineLength;
static uint8_t lineXor;

static void put(char c) {
  line[lineLength++] = c;
  lineXor ^= (uint8_t)c;
}

/* Decimal digits by subtraction: this processor has no division, and two of these numbers have ten digits. */
static void putDecimal(uint32_t value) {
  static const uint32_t powers[] = {1000000000UL, 100000000UL, 10000000UL, 1000000UL, 100000UL,
                                    10000UL,      1000UL,      100UL,      10UL};
  bool leading = true;
  for (uint8_t i = 0; i < sizeof powers / sizeof powers[0]; i++) {
    char digit = '0';
    while (value >= powers[i]) {
      value -= powers[i];
      digit++;
    }
    if (digit != '0') leading = false;
    if (!leading) put(digit);
  }
  put((char)('0' + (uint8_t)value));
}

static char hexDigit(uint8_t nibble) { return (char)(nibble < 10 ? '0' + nibble : 'A' + nibble - 10); }

static void sendSample(uint32_t seq, uint32_t at, uint16_t adc, uint8_t flags) {
  lineLength = 0;
  put('$');
  lineXor = 0;
  putDecimal(seq);
  put(',');
  putDecimal(at);
  put(',');
  putDecimal(adc);
  put(',');
  put(hexDigit(flags & 0x0f));
  const uint8_t sum = lineXor;
  put('*');
  put(hexDigit(sum >> 4));
  put(hexDigit(sum & 0x0f));
  put('\n');
  Serial.write((const uint8_t *)line, lineLength);
}

/* ---- commands ----------------------------------------------------------------------------------------------------- */

static void begin() {
  if (streaming) return;
  noInterrupts();
  nextSeq = 0;
  queueTail = queueHead;
  overrun = false;
  markerSeen = false;
  streaming = true;
  interrupts();
}

static void stop() {
  streaming = false;
  queueTail = queueHead;
}

static void sendHeader() { Serial.print(F(HEADER "\n")); }

static void obeyCommands() {
  while (Serial.available() > 0) {
    switch (Serial.read()) {
      case '?': sendHeader(); break;
      case 'b': begin(); break;
      case 's': stop(); break;
      default: break;
    }
  }
}

void setup() {
  pinMode(PIN_LEAD_OFF_POSITIVE, INPUT);
  pinMode(PIN_LEAD_OFF_NEGATIVE, INPUT);
  pinMode(PIN_MARKER, INPUT_PULLUP);
  attachInterrupt(digitalPinToInterrupt(PIN_MARKER), onMarker, FALLING);
  Serial.begin(BAUD);
  startConverter();
  sendHeader();
}

void loop() {
  obeyCommands();
  while (streaming && queueTail != queueHead) {
    const uint8_t tail = queueTail;
    const uint32_t seq = queue[tail].seq;
    const uint32_t at = queue[tail].micros;
    const uint16_t adc = queue[tail].adc;
    const uint8_t flags = queue[tail].flags;
    queueTail = (uint8_t)((tail + 1) & (QUEUE_LENGTH - 1));
    sendSample(seq, at, adc, flags);
    obeyCommands();
  }
}
