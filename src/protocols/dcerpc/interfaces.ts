/**
 * Well-known interfaces (MS-RPC documents): identifier, service, operations by number. `12:Name` goes on at 12; an
 * empty place is an operation without a public name. Kept as text: most runs never ask.
 */
const KNOWN: readonly string[] = [
  "e1af8308-5d1f-11c9-91a4-08002b14a0fa epmapper ept_insert,ept_delete,ept_lookup,ept_map,ept_lookup_handle_free,ept_inq_object,ept_mgmt_delete",
  "afa8bd80-7d8a-11c9-bef4-08002b102989 mgmt inq_if_ids,inq_stats,is_server_listening,stop_server_listening,inq_princ_name",
  "367abb81-9844-35f1-ad32-98f038001003 svcctl CloseServiceHandle,ControlService,DeleteService,LockServiceDatabase,QueryServiceObjectSecurity,SetServiceObjectSecurity,QueryServiceStatus,SetServiceStatus,UnlockServiceDatabase,NotifyBootConfigStatus,ScSetServiceBitsW,ChangeServiceConfigW,CreateServiceW,EnumDependentServicesW,EnumServicesStatusW,OpenSCManagerW,OpenServiceW,QueryServiceConfigW,QueryServiceLockStatusW,StartServiceW,GetServiceDisplayNameW,GetServiceKeyNameW,ScSetServiceBitsA,ChangeServiceConfigA,CreateServiceA,EnumDependentServicesA,EnumServicesStatusA,OpenSCManagerA,OpenServiceA,QueryServiceConfigA,QueryServiceLockStatusA,StartServiceA,GetServiceDisplayNameA,GetServiceKeyNameA,ScGetCurrentGroupStateW,EnumServiceGroupW,ChangeServiceConfig2A,ChangeServiceConfig2W,QueryServiceConfig2A,QueryServiceConfig2W,QueryServiceStatusEx,EnumServicesStatusExA,EnumServicesStatusExW,ScSendTSMessage,CreateServiceWOW64A,CreateServiceWOW64W,ScQueryServiceTagInfo,NotifyServiceStatusChange,GetNotifyResults,CloseNotifyHandle,ControlServiceExA,ControlServiceExW,56:QueryServiceConfigEx,60:CreateWowService,64:OpenSCManager2",
  "338cd001-2244-31f1-aaaa-900038001003 winreg OpenClassesRoot,OpenCurrentUser,OpenLocalMachine,OpenPerformanceData,OpenUsers,BaseRegCloseKey,BaseRegCreateKey,BaseRegDeleteKey,BaseRegDeleteValue,BaseRegEnumKey,BaseRegEnumValue,BaseRegFlushKey,BaseRegGetKeySecurity,BaseRegLoadKey,,BaseRegOpenKey,BaseRegQueryInfoKey,BaseRegQueryValue,BaseRegReplaceKey,BaseRegRestoreKey,BaseRegSaveKey,BaseRegSetKeySecurity,BaseRegSetValue,BaseRegUnLoadKey,BaseInitiateSystemShutdown,BaseAbortSystemShutdown,BaseRegGetVersion,OpenCurrentConfig,,BaseRegQueryMultipleValues,BaseInitiateSystemShutdownEx,BaseRegSaveKeyEx,OpenPerformanceText,OpenPerformanceNlsText,BaseRegQueryMultipleValues2,BaseRegDeleteKeyEx",
  "1ff70682-0a51-30e8-076d-740be8cee98b atsvc NetrJobAdd,NetrJobDel,NetrJobEnum,NetrJobGetInfo",
  "378e52b0-c0a9-11cf-822d-00aa0051e40f sasec SASetAccountInformation,SASetNSAccountInformation,SAGetNSAccountInformation,SAGetAccountInformation",
  "86d35949-83c9-4044-b424-db363231fd0c ITaskSchedulerService SchRpcHighestVersion,SchRpcRegisterTask,SchRpcRetrieveTask,SchRpcCreateFolder,SchRpcSetSecurity,SchRpcGetSecurity,SchRpcEnumFolders,SchRpcEnumTasks,SchRpcEnumInstances,SchRpcGetInstanceInfo,SchRpcStopInstance,SchRpcStop,SchRpcRun,SchRpcDelete,SchRpcRename,SchRpcScheduledRuntimes,SchRpcGetLastRunInfo,SchRpcGetTaskInfo,SchRpcGetNumberOfMissedRuns,SchRpcEnableTask",
  "4b324fc8-1670-01d3-1278-5a47bf6ee188 srvsvc NetrCharDevEnum,NetrCharDevGetInfo,NetrCharDevControl,NetrCharDevQEnum,NetrCharDevQGetInfo,NetrCharDevQSetInfo,NetrCharDevQPurge,NetrCharDevQPurgeSelf,NetrConnectionEnum,NetrFileEnum,NetrFileGetInfo,NetrFileClose,NetrSessionEnum,NetrSessionDel,NetrShareAdd,NetrShareEnum,NetrShareGetInfo,NetrShareSetInfo,NetrShareDel,NetrShareDelSticky,NetrShareCheck,NetrServerGetInfo,NetrServerSetInfo,NetrServerDiskEnum,NetrServerStatisticsGet,NetrServerTransportAdd,NetrServerTransportEnum,NetrServerTransportDel,NetrRemoteTOD,NetrServerSetServiceBits,NetprPathType,NetprPathCanonicalize,NetprPathCompare,NetprNameValidate,NetprNameCanonicalize,NetprNameCompare,NetrShareEnumSticky,NetrShareDelStart,NetrShareDelCommit,NetrpGetFileSecurity,NetrpSetFileSecurity",
  "6bffd098-a112-3610-9833-46c3f87e345a wkssvc NetrWkstaGetInfo,NetrWkstaSetInfo,NetrWkstaUserEnum,NetrWkstaUserGetInfo,NetrWkstaUserSetInfo,NetrWkstaTransportEnum,NetrWkstaTransportAdd,NetrWkstaTransportDel,NetrUseAdd,NetrUseGetInfo,NetrUseDel,NetrUseEnum,NetrMessageBufferSend,NetrWorkstationStatisticsGet,NetrLogonDomainNameAdd,NetrLogonDomainNameDel,NetrJoinDomain,NetrUnjoinDomain,NetrRenameMachineInDomain,NetrValidateName,NetrGetJoinInformation,NetrGetJoinableOUs,NetrJoinDomain2,NetrUnjoinDomain2,NetrRenameMachineInDomain2,NetrValidateName2,NetrGetJoinableOUs2",
  "12345778-1234-abcd-ef00-0123456789ac samr SamrConnect,SamrCloseHandle,SamrSetSecurityObject,SamrQuerySecurityObject,SamrShutdownSamServer,SamrLookupDomainInSamServer,SamrEnumerateDomainsInSamServer,SamrOpenDomain,SamrQueryInformationDomain,SamrSetInformationDomain,SamrCreateGroupInDomain,SamrEnumerateGroupsInDomain,SamrCreateUserInDomain,SamrEnumerateUsersInDomain,SamrCreateAliasInDomain,SamrEnumerateAliasesInDomain,SamrGetAliasMembership,SamrLookupNamesInDomain,SamrLookupIdsInDomain,SamrOpenGroup,SamrQueryInformationGroup,SamrSetInformationGroup,SamrAddMemberToGroup,SamrDeleteGroup,SamrRemoveMemberFromGroup,SamrGetMembersInGroup,SamrSetMemberAttributesOfGroup,SamrOpenAlias,SamrQueryInformationAlias,SamrSetInformationAlias,SamrDeleteAlias,SamrAddMemberToAlias,SamrRemoveMemberFromAlias,SamrGetMembersInAlias,SamrOpenUser,SamrDeleteUser,SamrQueryInformationUser,SamrSetInformationUser,SamrChangePasswordUser,SamrGetGroupsForUser,SamrQueryDisplayInformation,SamrGetDisplayEnumerationIndex,SamrTestPrivateFunctionsDomain,SamrTestPrivateFunctionsUser,SamrGetUserDomainPasswordInformation,SamrRemoveMemberFromForeignDomain,SamrQueryInformationDomain2,SamrQueryInformationUser2,SamrQueryDisplayInformation2,SamrGetDisplayEnumerationIndex2,SamrCreateUser2InDomain,SamrQueryDisplayInformation3,SamrAddMultipleMembersToAlias,SamrRemoveMultipleMembersFromAlias,SamrOemChangePasswordUser2,SamrUnicodeChangePasswordUser2,SamrGetDomainPasswordInformation,SamrConnect2,SamrSetInformationUser2,SamrSetBootKeyInformation,SamrGetBootKeyInformation,SamrConnect3,SamrConnect4,SamrUnicodeChangePasswordUser3,SamrConnect5,SamrRidToSid,SamrSetDSRMPassword,SamrValidatePassword",
  "12345778-1234-abcd-ef00-0123456789ab lsarpc LsarClose,LsarDelete,LsarEnumeratePrivileges,LsarQuerySecurityObject,LsarSetSecurityObject,LsarChangePassword,LsarOpenPolicy,LsarQueryInformationPolicy,LsarSetInformationPolicy,LsarClearAuditLog,LsarCreateAccount,LsarEnumerateAccounts,LsarCreateTrustedDomain,LsarEnumerateTrustedDomains,LsarLookupNames,LsarLookupSids,LsarCreateSecret,LsarOpenAccount,LsarEnumeratePrivilegesAccount,LsarAddPrivilegesToAccount,LsarRemovePrivilegesFromAccount,LsarGetQuotasForAccount,LsarSetQuotasForAccount,LsarGetSystemAccessAccount,LsarSetSystemAccessAccount,LsarOpenTrustedDomain,LsarQueryInfoTrustedDomain,LsarSetInformationTrustedDomain,LsarOpenSecret,LsarSetSecret,LsarQuerySecret,LsarLookupPrivilegeValue,LsarLookupPrivilegeName,LsarLookupPrivilegeDisplayName,LsarDeleteObject,LsarEnumerateAccountsWithUserRight,LsarEnumerateAccountRights,LsarAddAccountRights,LsarRemoveAccountRights,LsarQueryTrustedDomainInfo,LsarSetTrustedDomainInfo,LsarDeleteTrustedDomain,LsarStorePrivateData,LsarRetrievePrivateData,LsarOpenPolicy2,LsarGetUserName,LsarQueryInformationPolicy2,LsarSetInformationPolicy2,LsarQueryTrustedDomainInfoByName,LsarSetTrustedDomainInfoByName,LsarEnumerateTrustedDomainsEx,LsarCreateTrustedDomainEx,LsarCloseTrustedDomainEx,LsarQueryDomainInformationPolicy,LsarSetDomainInformationPolicy,LsarOpenTrustedDomainByName,LsarTestCall,LsarLookupSids2,LsarLookupNames2,LsarCreateTrustedDomainEx2,68:LsarLookupNames3,76:LsarLookupSids3,LsarLookupNames4",
  "12345678-1234-abcd-ef00-01234567cffb netlogon NetrLogonUasLogon,NetrLogonUasLogoff,NetrLogonSamLogon,NetrLogonSamLogoff,NetrServerReqChallenge,NetrServerAuthenticate,NetrServerPasswordSet,NetrDatabaseDeltas,NetrDatabaseSync,NetrAccountDeltas,NetrAccountSync,NetrGetDCName,NetrLogonControl,NetrGetAnyDCName,NetrLogonControl2,NetrServerAuthenticate2,NetrDatabaseSync2,NetrDatabaseRedo,NetrLogonControl2Ex,NetrEnumerateTrustedDomains,DsrGetDcName,NetrLogonGetCapabilities,NetrLogonSetServiceBits,NetrLogonGetTrustRid,NetrLogonComputeServerDigest,NetrLogonComputeClientDigest,NetrServerAuthenticate3,DsrGetDcNameEx,DsrGetSiteName,NetrLogonGetDomainInfo,NetrServerPasswordSet2,NetrServerPasswordGet,NetrLogonSendToSam,DsrAddressToSiteNamesW,DsrGetDcNameEx2,NetrLogonGetTimeServiceParentDomain,NetrEnumerateTrustedDomainsEx,DsrAddressToSiteNamesExW,DsrGetDcSiteCoverageW,NetrLogonSamLogonEx,DsrEnumerateDomainTrusts,DsrDeregisterDnsHostRecords,NetrServerTrustPasswordsGet,DsrGetForestTrustInformation,NetrGetForestTrustInformation,NetrLogonSamLogonWithFlags,NetrServerGetTrustInfo",
  "e3514235-4b06-11d1-ab04-00c04fc2dcd2 drsuapi DRSBind,DRSUnbind,DRSReplicaSync,DRSGetNCChanges,DRSUpdateRefs,DRSReplicaAdd,DRSReplicaDel,DRSReplicaModify,DRSVerifyNames,DRSGetMemberships,DRSInterDomainMove,DRSGetNT4ChangeLog,DRSCrackNames,DRSWriteSPN,DRSRemoveDsServer,DRSRemoveDsDomain,DRSDomainControllerInfo,DRSAddEntry,DRSExecuteKCC,DRSGetReplInfo,DRSAddSidHistory,DRSGetMemberships2,DRSReplicaVerifyObjects,DRSGetObjectExistence,DRSQuerySitesByCost,DRSInitDemotion,DRSReplicaDemotion,DRSFinishDemotion,DRSAddCloneDC",
  "3919286a-b10c-11d0-9ba8-00c04fd92ef5 dssetup DsRolerGetPrimaryDomainInformation,DsRolerDnsNameToFlatName,DsRolerDcAsDc,DsRolerDcAsReplica,DsRolerDemoteDc,DsRolerGetDcOperationProgress,DsRolerGetDcOperationResults,DsRolerCancel,DsRolerServerSaveStateForUpgrade,DsRolerUpgradeDownlevelServer,DsRolerAbortDownlevelServerUpgrade",
  "12345678-1234-abcd-ef00-0123456789ab spoolss RpcEnumPrinters,RpcOpenPrinter,RpcSetJob,RpcGetJob,RpcEnumJobs,RpcAddPrinter,RpcDeletePrinter,RpcSetPrinter,RpcGetPrinter,RpcAddPrinterDriver,RpcEnumPrinterDrivers,RpcGetPrinterDriver,RpcGetPrinterDriverDirectory,RpcDeletePrinterDriver,RpcAddPrintProcessor,RpcEnumPrintProcessors,RpcGetPrintProcessorDirectory,RpcStartDocPrinter,RpcStartPagePrinter,RpcWritePrinter,RpcEndPagePrinter,RpcAbortPrinter,RpcReadPrinter,RpcEndDocPrinter,RpcAddJob,RpcScheduleJob,RpcGetPrinterData,RpcSetPrinterData,RpcWaitForPrinterChange,RpcClosePrinter,RpcAddForm,RpcDeleteForm,RpcGetForm,RpcSetForm,RpcEnumForms,RpcEnumPorts,RpcEnumMonitors,40:RpcCreatePrinterIC,RpcPlayGdiScriptOnPrinterIC,RpcDeletePrinterIC,46:RpcAddMonitor,RpcDeleteMonitor,RpcDeletePrintProcessor,52:RpcResetPrinter,56:RpcFindClosePrinterChangeNotification,58:RpcReplyOpenPrinter,RpcRouterReplyPrinter,RpcReplyClosePrinter,62:RpcRemoteFindFirstPrinterChangeNotification,65:RpcRemoteFindFirstPrinterChangeNotificationEx,RpcRouterReplyPrinterEx,RpcRouterRefreshPrinterChangeNotification,69:RpcOpenPrinterEx,RpcAddPrinterEx,RpcSetPort,RpcEnumPrinterData,RpcDeletePrinterData,77:RpcSetPrinterDataEx,RpcGetPrinterDataEx,RpcEnumPrinterDataEx,RpcEnumPrinterKey,RpcDeletePrinterDataEx,RpcDeletePrinterKey,84:RpcDeletePrinterDriverEx,RpcAddPerMachineConnection,RpcDeletePerMachineConnection,RpcEnumPerMachineConnections,RpcXcvData,RpcAddPrinterDriverEx",
  "76f03f96-cdfd-44fc-a22c-64950a001209 IRemoteWinspool RpcAsyncOpenPrinter,RpcAsyncAddPrinter,20:RpcAsyncClosePrinter,38:RpcAsyncEnumPrinters,RpcAsyncAddPrinterDriver",
  "c681d488-d850-11d0-8c52-00c04fd90f7e efsrpc EfsRpcOpenFileRaw,EfsRpcReadFileRaw,EfsRpcWriteFileRaw,EfsRpcCloseRaw,EfsRpcEncryptFileSrv,EfsRpcDecryptFileSrv,EfsRpcQueryUsersOnFile,EfsRpcQueryRecoveryAgents,EfsRpcRemoveUsersFromFile,EfsRpcAddUsersToFile,12:EfsRpcFileKeyInfo,EfsRpcDuplicateEncryptionInfoFile,15:EfsRpcAddUsersToFileEx",
  "df1941c5-fe89-4e79-bf10-463657acf44d efsrpc EfsRpcOpenFileRaw,EfsRpcReadFileRaw,EfsRpcWriteFileRaw,EfsRpcCloseRaw,EfsRpcEncryptFileSrv,EfsRpcDecryptFileSrv,EfsRpcQueryUsersOnFile,EfsRpcQueryRecoveryAgents,EfsRpcRemoveUsersFromFile,EfsRpcAddUsersToFile,12:EfsRpcFileKeyInfo,EfsRpcDuplicateEncryptionInfoFile,15:EfsRpcAddUsersToFileEx",
  "82273fdc-e32a-18c3-3f78-827929dc23ea eventlog ElfrClearELFW,ElfrBackupELFW,ElfrCloseEL,ElfrDeregisterEventSource,ElfrNumberOfRecords,ElfrOldestRecord,ElfrChangeNotify,ElfrOpenELW,ElfrRegisterEventSourceW,ElfrOpenBELW,ElfrReadELW,ElfrReportEventW",
  "f6beaff7-1e19-4fbb-9f8f-b89e2018337c IEventService EvtRpcRegisterRemoteSubscription,EvtRpcRemoteSubscriptionNextAsync,EvtRpcRemoteSubscriptionNext,EvtRpcRemoteSubscriptionWaitAsync,EvtRpcRegisterControllableOperation,EvtRpcRegisterLogQuery,EvtRpcClearLog,EvtRpcExportLog",
  "4fc742e0-4a10-11cf-8273-00aa004ae673 netdfs NetrDfsManagerGetVersion,NetrDfsAdd,NetrDfsRemove,NetrDfsSetInfo,NetrDfsGetInfo,NetrDfsEnum,NetrDfsMove,10:NetrDfsAddFtRoot,NetrDfsRemoveFtRoot,NetrDfsAddStdRoot,NetrDfsRemoveStdRoot",
  "50abc2a4-574d-40b3-9d66-ee4fd5fba076 dnsserver DnssrvOperation,DnssrvQuery,DnssrvComplexOperation,DnssrvEnumRecords,DnssrvUpdateRecord,DnssrvOperation2,DnssrvQuery2,DnssrvComplexOperation2,DnssrvEnumRecords2,DnssrvUpdateRecord2",
  "894de0c0-0d55-11d3-a322-00c04fa321a1 InitShutdown BaseInitiateShutdown,BaseAbortShutdown,BaseInitiateShutdownEx",
  "d95afe70-a6d5-4259-822e-2c84da1ddb0d WindowsShutdown WsdrInitiateShutdown,WsdrAbortShutdown",
  "3dde7c30-165d-11d1-ab8f-00805f14db40 BackupKey BackuprKey",
  "a8e0653c-2744-4389-a61d-7373df8b2292 FileServerVssAgent GetSupportedVersion,SetContext,StartShadowCopySet,AddToShadowCopySet,CommitShadowCopySet,ExposeShadowCopySet,RecoveryCompleteShadowCopySet,AbortShadowCopySet,IsPathSupported,IsPathShadowCopied",
  "000001a0-0000-0000-c000-000000000046 IRemoteSCMActivator 3:RemoteGetClassObject,RemoteCreateInstance",
  "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57 IActivation RemoteActivation",
  "99fcfec4-5260-101b-bbcb-00aa0021347a IObjectExporter ResolveOxid,SimplePing,ComplexPing,ServerAlive,ResolveOxid2,ServerAlive2",
  "00000131-0000-0000-c000-000000000046 IRemUnknown 3:RemQueryInterface,RemAddRef,RemRelease",
  "00000143-0000-0000-c000-000000000046 IRemUnknown2 3:RemQueryInterface,RemAddRef,RemRelease,RemQueryInterface2",
  "00020400-0000-0000-c000-000000000046 IDispatch 3:GetTypeInfoCount,GetTypeInfo,GetIDsOfNames,Invoke",
  "f309ad18-d86a-11d0-a075-00c04fb68820 IWbemLevel1Login 3:EstablishPosition,RequestChallenge,WBEMLogin,NTLMLogin",
  "d4781cd6-e5d3-44df-ad94-930efe48a887 IWbemLoginClientID 3:SetClientInfo",
  "9556dc99-828c-11cf-a37e-00aa003240c7 IWbemServices 3:OpenNamespace,CancelAsyncCall,QueryObjectSink,GetObject,GetObjectAsync,PutClass,PutClassAsync,DeleteClass,DeleteClassAsync,CreateClassEnum,CreateClassEnumAsync,PutInstance,PutInstanceAsync,DeleteInstance,DeleteInstanceAsync,CreateInstanceEnum,CreateInstanceEnumAsync,ExecQuery,ExecQueryAsync,ExecNotificationQuery,ExecNotificationQueryAsync,ExecMethod,ExecMethodAsync",
  "027947e1-d731-11ce-a357-000000000001 IEnumWbemClassObject 3:Reset,Next,NextAsync,Clone,Skip",
  "423ec01e-2e35-11d2-b604-00104b703efd IWbemWCOSmartEnum 3:Next",
  "1c1c45ee-4395-11d2-b60b-00104b703efd IWbemFetchSmartEnum 3:GetSmartEnum",
  "5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc msgsvc NetrMessageNameAdd,NetrMessageNameEnum,NetrMessageNameGetInfo,NetrMessageNameDel",
  "17fdd703-1827-4e34-79d4-24a55c53bb37 msgsvcsend NetrSendMessage",
  "300f3532-38cc-11d0-a3f0-0020af6b0add trkwks",
  "2f5f3220-c126-1076-b549-074d078619da nddeapi",
  "906b0ce0-c70b-1067-b317-00dd010662da IXnRemote Poke,BuildContext,NegotiateResources,SendReceive,TearDownContext,BeginTearDown,PokeW,BuildContextW",
  "91ae6020-9e3c-11cf-8d7c-00aa00c091be ICertPassage CertServerRequest",
  "d99e6e70-fc88-11d0-b498-00a0c90312f3 ICertRequestD 3:Request,GetCACert,Ping",
  "a4f1db00-ca47-1067-b31f-00dd010662da emsmdb EcDoConnect,EcDoDisconnect,EcDoRpc,10:EcDoConnectEx,EcDoRpcExt2",
  "f5cc5a18-4264-101a-8c59-08002b2f8426 nspi NspiBind,NspiUnbind,NspiUpdateStat,NspiQueryRows,NspiSeekEntries,NspiGetMatches,NspiResortRestriction,NspiDNToMId",
  "1544f5e0-613c-11d1-93df-00c04fd7bd09 rfr RfrGetNewDSA,RfrGetFQDNFromLegacyDN",
  "f5cc59b4-4264-101a-8c59-08002b2f8426 frsrpc",
  "897e2e5f-93f3-4376-9c9c-fd2277495c27 frstrans",
  "5ca4a760-ebb1-11cf-8611-00a0245420ed winstation_rpc",
  "12b81e99-f207-4a4c-85d3-77b42f76fd14 seclogon",
  "57674cd0-5200-11ce-a897-08002b2e9c6d llsrpc",
  "20610036-fa22-11cf-9823-00a0c911e5df rasrpc",
  "45776b01-5956-4485-9f80-f428f7d60129 dnsrslvr",
  "44e265dd-7daf-42cd-8560-3cdb6e7a2729 TsProxyRpcInterface TsProxyCreateTunnel,TsProxyAuthorizeTunnel,TsProxyMakeTunnelCall,TsProxyCreateChannel,,TsProxyCloseChannel,TsProxyCloseTunnel",
  "1088a980-eae5-11d0-8d9b-00a02453c337 qmrt",
];
/** `12345778-1234-abcd-ef00-0123456789ab`. */
const UUID_CHARACTERS = 36;

/** Lines by identifier, and the operations of those that were asked for. */
const lines = new Map(KNOWN.map((line) => [line.slice(0, UUID_CHARACTERS), line]));
const operations = new Map<string, readonly (string | undefined)[]>();

const lineOf = (uuid: string): string | undefined => lines.get(uuid);

/** Name of a well-known interface. */
export function serviceName(uuid: string): string | undefined {
  const line = lineOf(uuid);
  if (line === undefined) return undefined;
  const stop = line.indexOf(" ", UUID_CHARACTERS + 1);
  return line.slice(UUID_CHARACTERS + 1, stop < 0 ? undefined : stop);
}

/** Name of an operation of a well-known interface. */
export function procedureName(uuid: string, opnum: number): string | undefined {
  const line = lineOf(uuid);
  if (line === undefined) return undefined;
  let names = operations.get(uuid);
  if (names === undefined) {
    names = operationsOf(line);
    operations.set(uuid, names);
  }
  return names[opnum];
}

function operationsOf(line: string): (string | undefined)[] {
  const stop = line.indexOf(" ", UUID_CHARACTERS + 1);
  const names: (string | undefined)[] = [];
  let number = -1;
  for (const item of stop < 0 ? [] : line.slice(stop + 1).split(",")) {
    const colon = item.indexOf(":");
    number = colon < 0 ? number + 1 : Number(item.slice(0, colon));
    names[number] ??= item === "" ? undefined : item.slice(colon + 1);
  }
  return names;
}
