# The tests that need MongoDB servers: servers.py starts the kinds a test asks for, runs it, and
# stops them. Where no server can be had they are skipped, in CI they fail.
find_program(PYTHON3 NAMES python3 REQUIRED)

# strattio_mongo_test(NAME KINDS PROGRAM [ARGUMENT] [AS VARIABLE=KIND]): PROGRAM with servers of
# those KINDS, separated by commas.
function(strattio_mongo_test name kinds program)
  cmake_parse_arguments(PARSE_ARGV 3 run "" "AS" "")
  set(as "")
  if(run_AS)
    set(as --as ${run_AS})
  endif()
  add_test(NAME ${name} COMMAND ${PYTHON3} ${PROJECT_SOURCE_DIR}/tests/store/servers.py
    --build-dir ${PROJECT_BINARY_DIR} --only ${kinds} ${as} -- $<TARGET_FILE:${program}>
    ${run_UNPARSED_ARGUMENTS})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
    ENVIRONMENT "STRATTIO_ASSETS=${PROJECT_SOURCE_DIR}/assets;TZ=UTC;LC_ALL=C.UTF-8")
endfunction()

function(strattio_mongo_program stem)
  strattio_test_program(${stem}.c)
  target_link_libraries(${stem} PRIVATE PkgConfig::MONGOC)
  add_dependencies(${stem} store_mongo)
endfunction()

foreach(stem test_mongo_open test_mongo_faults test_mongo_crash test_mongo_relay)
  strattio_mongo_program(${stem})
endforeach()
target_sources(test_mongo_relay PRIVATE relay.c)
strattio_mongo_test(mongo_open standalone,replset,scram,tls,lesser test_mongo_open)
strattio_mongo_test(mongo_faults_once replset test_mongo_faults *forgives*)
strattio_mongo_test(mongo_faults_twice replset test_mongo_faults two_faults*)
strattio_mongo_test(mongo_faults_lasting replset test_mongo_faults lasting*)
strattio_mongo_test(mongo_faults_standalone standalone test_mongo_faults *stand_alone*)
strattio_mongo_test(mongo_strict strict test_mongo_faults every_write*)
strattio_mongo_test(mongo_races standalone,replset test_mongo_faults of_*)
strattio_mongo_test(mongo_crash crash,crash_sync test_mongo_crash)
strattio_mongo_test(mongo_relay replset test_mongo_relay a_*)
strattio_mongo_test(mongo_relay_set replset test_mongo_relay *_set_*)
strattio_mongo_test(mongo_relay_standalone standalone test_mongo_relay *_stand_alone_*)

# The contract suite, unchanged, on every kind of server.
add_dependencies(store_contract store_mongo)
foreach(kind standalone replset scram tls lesser)
  strattio_mongo_test(store_contract_mongo_${kind} ${kind} store_contract
    AS STRATTIO_TEST_STORE=${kind})
endforeach()
