# SPDX-License-Identifier: GPL-3.0-or-later
#
# The data bases that stand beside Icinga, each a daemon in the lab, with its usual port and
# all that it keeps in a folder of the test's.
package Stores;

use strict;
use warnings;

use Exporter qw(import);
use JSON::PP ();
use Lab;
use Monitoring;
use Plugin ();
use Test::More;

our @EXPORT = qw(ask nobody run_mariadb mariadb run_graphite $graphite);

our $graphite = 'http://127.0.0.1:8080';

# What a command line begins with that is run as the user nobody.
sub nobody { return qw(setpriv --reuid=nobody --clear-groups) }

# The decoded answer to a request, or nothing.
sub ask {
    my ($address, @parameters) = @_;
    my @words;
    while (my ($name, $value) = splice @parameters, 0, 2) { push @words, '--data-urlencode', "$name=$value" }
    my $answer = Plugin::finish(Plugin::start(command => ['curl', '-s', '-f', @words, $address]));
    return $answer->{exit} == 0 ? JSON::PP->new->utf8->decode($answer->{stdout}) : undef;
}

# A MariaDB in a folder of the user nobody, with a data base for a user of the same name and
# password; one test.
sub run_mariadb {
    my ($folder, $name) = @_;

    shell("mariadb-install-db --no-defaults --user=nobody --datadir=$folder/mariadb --skip-test-db"
            . ' --auth-root-authentication-method=normal');
    daemon('mariadb', 'mariadbd', '--no-defaults', '--user=nobody', "--datadir=$folder/mariadb", "--socket=$folder/mariadb.sock",
        '--bind-address=127.0.0.1', "--pid-file=$folder/mariadb.pid", '--innodb-flush-log-at-trx-commit=2');
    wait_for('MariaDB is there', sub { system("mariadb-admin --no-defaults -u root -S $folder/mariadb.sock ping >/dev/null 2>&1") == 0 })
        or BAIL_OUT('it did not start');
    mariadb($folder, '', qq{-e "create database $name character set utf8mb4;}
            . qq{ create user $name\@127.0.0.1 identified by '$name'; grant all on $name.* to $name\@127.0.0.1"});
    return;
}

# What its command line prints, when given these words of a shell command as root.
sub mariadb {
    my ($folder, $name, $words) = @_;
    return shell("mariadb --no-defaults -N -u root -S $folder/mariadb.sock $name $words");
}

# A carbon-cache and a graphite-web, in a folder that becomes one of the user nobody; one
# test.
sub run_graphite {
    my ($folder) = @_;

    mkdir "$folder/$_" for 'carbon', map { "carbon/$_" } qw(conf whisper log run);
    spew("$folder/carbon/conf/carbon.conf", <<"CONFIGURATION");
[cache]
STORAGE_DIR = $folder/carbon/
CONF_DIR = $folder/carbon/conf/
LOG_DIR = $folder/carbon/log/
PID_DIR = $folder/carbon/run/
LOCAL_DATA_DIR = $folder/carbon/whisper/
USER =
MAX_CREATES_PER_MINUTE = inf
LINE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
CACHE_QUERY_INTERFACE = 127.0.0.1
ENABLE_TAGS = False
CONFIGURATION
    spew("$folder/carbon/conf/storage-schemas.conf", "[default]\npattern = .*\nretentions = 1s:1h\n");
    spew("$folder/lab_settings.py", <<"SETTINGS");
from graphite.settings import *
SECRET_KEY = 'of no use'
ALLOWED_HOSTS = ['127.0.0.1']
STORAGE_DIR = '$folder/carbon'
LOG_DIR = '$folder'
INDEX_FILE = '$folder/index'
WHISPER_DIR = '$folder/carbon/whisper'
STANDARD_DIRS = ['$folder/carbon/whisper']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '$folder/graphite.db'}}
CARBONLINK_HOSTS = ['127.0.0.1:7002']
SETTINGS
    my @django = (nobody(), 'env', "PYTHONPATH=$folder", 'DJANGO_SETTINGS_MODULE=lab_settings', '/usr/bin/python3', '-m', 'django');
    shell("chown -R nobody $folder");
    daemon('carbon', nobody(), '/usr/bin/python3', '/usr/bin/carbon-cache', "--config=$folder/carbon/conf/carbon.conf", '--nodaemon', 'start');
    lab_command(@django, 'migrate', '--run-syncdb');
    daemon('graphite', @django, 'runserver', '--noreload', '127.0.0.1:8080');
    wait_for('Graphite is there', sub { ask("$graphite/metrics/find", query => '*') }) or BAIL_OUT('it did not start');
    return;
}

1;
