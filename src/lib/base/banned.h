/* Functions that nobody here may call: included by str.h, so that they do not compile. */
#ifndef BANNED_H
#define BANNED_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gmtime localtime ctime asctime atoi atol  \
    atof
#pragma GCC poison rand srand random srandom system gets setlocale mktemp tmpnam
#endif
